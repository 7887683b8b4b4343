package io.switchback.port;

import static io.switchback.port.SiteContract.assertFault;
import static io.switchback.port.SiteContract.step;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Consistency;
import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.Sheet;
import io.switchback.port.SheetActivities.RemoveSheet;
import io.switchback.port.SheetActivities.WriteSheet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link SheetActivities} promises. */
public abstract class SheetContract {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private SheetFixture site;
  private PortCaller<SheetActivities> sheets;

  /** A site of its own for one test. */
  protected abstract SheetFixture open() throws Exception;

  @BeforeEach
  final void openSite() throws Exception {
    site = open();
    sheets = new PortCaller<>(SheetActivities.class, site.sheets());
  }

  @AfterEach
  final void closeSite() {
    sheets.close();
    site.close();
  }

  @Test
  void namesTheVmItsDisksAndItsNetworks() {
    var _ = write(1, 2);

    assertThat(page())
        .contains(site.replica().recovery().id(), "lan")
        .contains(site.replica().disks().stream().map(DiskPair::recoveryDisk).toList());
  }

  @Test
  void namesEveryRestorePointWithItsTime() {
    var _ = write(1, 2);

    assertThat(page())
        .contains("web-01-0001", "2026-03-01T12:01:00Z")
        .contains("web-01-0002", "2026-03-01T12:02:00Z");
  }

  @Test
  void saysWhichPageIsWhose() {
    var _ = write(1, 1);

    assertThat(site.page(site.other())).isEmpty();
  }

  @Test
  void replacesTheOlderPage() {
    var _ = write(1, 2);

    Done second = write(2, 3);

    assertThat(second.changed()).isTrue();
    assertThat(page()).contains("web-01-0003");
  }

  @Test
  void answersUnchangedWhenThePageSaysSoAlready() {
    assertThat(write(1, 2).changed()).isTrue();
    assertThat(write(2, 2).changed()).isFalse();
  }

  @Test
  void removesThePage() {
    var _ = write(1, 2);

    assertThat(remove(2).changed()).isTrue();

    assertThat(site.page(site.replica())).isEmpty();
  }

  @Test
  void answersUnchangedWhenThereIsNoPage() {
    assertThat(remove(1).changed()).isFalse();
  }

  @Test
  void removesThePageOfAVmThatIsGone() {
    var _ = write(1, 2);
    site.deleteVm(site.replica());
    boolean outlivesItsVm = site.page(site.replica()).isPresent();

    assertThat(remove(2).changed()).isEqualTo(outlivesItsVm);

    assertThat(site.page(site.replica())).isEmpty();
  }

  @Test
  void leavesOtherPagesAlone() {
    var _ = write(1, 2);
    var _ =
        sheets.call().writeSheet(new WriteSheet(step(1), new Sheet(site.other(), List.of(), "")));

    var _ = remove(2);

    assertThat(site.page(site.other())).isPresent();
  }

  @Test
  void saysWhichAttemptAnswers() {
    assertThat(sheets.attempt(3).writeSheet(request(1, 2)).attempt()).isEqualTo(3);
    assertThat(sheets.attempt(2).removeSheet(new RemoveSheet(step(2), site.replica())).attempt())
        .isEqualTo(2);
  }

  @Test
  void refusesAPageUnderALowerFence() {
    var _ = write(5, 3);

    assertFault(Fault.FENCED, () -> write(4, 2));

    assertThat(page()).contains("web-01-0003");
  }

  @Test
  void refusesToRemoveUnderALowerFence() {
    var _ = write(5, 3);

    assertFault(Fault.FENCED, () -> remove(4));

    assertThat(page()).contains("web-01-0003");
  }

  @Test
  void namesAVmThatTheSiteDoesNotKnow() {
    site.deleteVm(site.replica());

    assertFault(Fault.VM_NOT_FOUND, () -> write(1, 2));
  }

  @Test
  void saysThatTheSiteDoesNotAnswer() {
    site.breakSite();

    assertFault(Fault.SITE_UNREACHABLE, () -> write(1, 2));
    assertFault(Fault.SITE_UNREACHABLE, () -> remove(2));
  }

  private Done write(long step, int points) {
    return sheets.call().writeSheet(request(step, points));
  }

  private Done remove(long step) {
    return sheets.call().removeSheet(new RemoveSheet(step(step), site.replica()));
  }

  private WriteSheet request(long step, int points) {
    Replica replica = site.replica();
    List<RestorePoint> newestFirst = new ArrayList<>();
    for (int i = points; i > 0; i--) {
      newestFirst.add(
          new RestorePoint(
              "web-01-%04d".formatted(i),
              "snapshot-" + i,
              NOON.plus(Duration.ofMinutes(i)),
              Consistency.CRASH));
    }
    return new WriteSheet(step(step), new Sheet(replica, newestFirst, ""));
  }

  private String page() {
    return site.page(site.replica()).orElse("");
  }
}
