package io.switchback.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.TransferBook.Sites;
import io.switchback.delta.TransferProgress.Phase;
import org.junit.jupiter.api.Test;

class TransferBookTest {
  private static final Sites SITES = new Sites("berlin", "munich");

  private final TransferBook book = new TransferBook();

  private static TransferProgress progress(long bytes) {
    TransferFigures figures = new TransferFigures(bytes, bytes, bytes, bytes, bytes, bytes, bytes);
    return new TransferProgress(Phase.COPY, bytes, 100, figures, Outlook.UNKNOWN);
  }

  @Test
  void whatTransfersOfTheSameSitesMovedIsAddedUpAndStays() {
    try (TransferBook.Entry one = book.begin(SITES, "web", "disk-0");
        TransferBook.Entry other = book.begin(SITES, "db", "disk-0")) {
      one.progressed(progress(10));
      other.progressed(progress(5));
      one.progressed(progress(30));
      assertThat(book.totals().get(SITES).sentBytes()).isEqualTo(35);
      one.count(progress(40).figures());
    }
    assertThat(book.totals())
        .containsOnly(java.util.Map.entry(SITES, new TransferFigures(45, 45, 45, 45, 45, 0, 0)));
  }

  @Test
  void onlyThoseThatRunAreListed() {
    TransferBook.Entry one = book.begin(SITES, "web", "disk-0");
    assertThat(book.running()).as("it has told nothing yet").isEmpty();
    one.progressed(progress(10));
    assertThat(book.running())
        .containsExactly(new TransferBook.Running(SITES, "web", "disk-0", progress(10)));
    one.close();
    assertThat(book.running()).isEmpty();
  }
}
