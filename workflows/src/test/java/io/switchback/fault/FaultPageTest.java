package io.switchback.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/faults.md} equal to the faults and their Javadoc. */
final class FaultPageTest {
  private static final Path SOURCE = Path.of("src/main/java/io/switchback/fault/Fault.java");
  private static final Pattern FAULT =
      Pattern.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*([A-Z_]+)\\(", Pattern.DOTALL);

  @Test
  void thePageSaysWhatTheFaultsSay() throws Exception {
    Page.assertSays("faults.md", page());
  }

  @Test
  void everyFaultHasItsSentence() throws Exception {
    assertThat(sentences())
        .containsOnlyKeys(Arrays.stream(Fault.values()).map(Fault::name).toList());
    assertThat(sentences().values()).allSatisfy(s -> assertThat(s).isNotBlank().endsWith("."));
  }

  private static String page() throws IOException {
    return Page.ORIGIN
        + """
        # Faults

        Everything that can go wrong has a name. The name is what retry policies, the audit and alerts see; the sentence that
        comes with it says what could not be done, to which thing, why, and what to do.

        | remedy | what happens |
        |--|--|
        | RETRY | it may pass: the step is tried again by itself, and parks for a person when its attempts are used up |
        | OPERATOR | a person must act: the member parks at once, a webhook is called, the other members go on |
        | STOP | data may be wrong: the member parks with abort or reconcile only |

        """
        + Arrays.stream(Remedy.values()).map(FaultPageTest::section).collect(joining("\n"));
  }

  private static String section(Remedy remedy) {
    Map<String, String> sentences = sentences();
    return "## "
        + remedy
        + "\n\n| fault | meaning |\n|--|--|\n"
        + Arrays.stream(Fault.values())
            .filter(fault -> fault.remedy() == remedy)
            .map(fault -> "| %s | %s |\n".formatted(fault, sentences.get(fault.name())))
            .collect(joining());
  }

  private static Map<String, String> sentences() {
    Map<String, String> sentences = new TreeMap<>();
    Matcher faults = FAULT.matcher(source());
    while (faults.find()) {
      sentences.put(faults.group(2), faults.group(1).replaceAll("\\s*\\n\\s*\\*\\s*", " ").strip());
    }
    return sentences;
  }

  private static String source() {
    try {
      return Files.readString(SOURCE, UTF_8);
    } catch (IOException unreadable) {
      throw new java.io.UncheckedIOException(unreadable);
    }
  }
}
