package io.switchback;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A page of {@code docs/} that is written from the code. Its test fails when the page and the code
 * differ; {@code mvn -pl workflows test -Dtest='*PageTest' -Ddocs=write} writes it anew.
 */
public final class Page {
  /** What every such page says about itself. */
  public static final String ORIGIN =
      "<!-- Written from the code: mvn -pl workflows test -Dtest='*PageTest' -Ddocs=write -->\n";

  private Page() {}

  /** Holds {@code docs/<name>} against what the code says, or writes it. */
  public static void assertSays(String name, String content) throws IOException {
    Path page = Path.of("..", "docs", name);
    if ("write".equals(System.getProperty("docs"))) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, content, UTF_8);
    }
    assertThat(page).as("write it with -Ddocs=write").exists();
    assertThat(Files.readString(page, UTF_8))
        .as("%s differs from the code; write it anew with -Ddocs=write", name)
        .isEqualTo(content);
  }
}
