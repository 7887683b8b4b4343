package io.switchback.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is handed to an appliance's shell. */
class ApplianceScriptTest {
  private static final String AWKWARD = "it's $(id) `id` \"$HOME\"\n\\ line";

  @ParameterizedTest
  @ValueSource(
      strings = {"converge", "look", "tear-down", "probe", "measure", "clock", "full-site-apply"})
  @Tag("process")
  void aPartOfItIsNoCommandToAnyShell(String verb) throws Exception {
    String whole = ApplianceScript.onTunnel(verb).with("TUNNEL", AWKWARD).text();
    assertThat(exitCode("-n", whole)).isZero();

    int end = whole.lastIndexOf("}\n");
    for (int cut : Stream.iterate(20, at -> at < end, at -> at + end / 40).toList()) {
      // The shell reads a command whole before it runs it, and finds that this one has no end.
      assertThat(exitCode("-n", whole.substring(0, cut))).as("cut at %d", cut).isNotZero();
    }
  }

  @Test
  @Tag("process")
  void aValueStaysWhatItIs() throws Exception {
    String text = ApplianceScript.onTunnel("look").with("VALUE", AWKWARD).text();
    String assignment = text.substring(text.indexOf("VALUE="), text.indexOf("# What every"));

    Process shell = new ProcessBuilder("/bin/sh", "-s").start();
    shell.outputWriter(UTF_8).append(assignment).append("printf %s \"$VALUE\"\n").close();

    assertThat(new String(shell.getInputStream().readAllBytes(), UTF_8)).isEqualTo(AWKWARD);
    assertThat(shell.waitFor()).isZero();
  }

  private static int exitCode(String option, String text) throws IOException, InterruptedException {
    Process shell =
        new ProcessBuilder(List.of("/bin/sh", option)).redirectErrorStream(true).start();
    try (var in = shell.outputWriter(UTF_8)) {
      in.write(text);
    }
    shell.getInputStream().readAllBytes();
    return shell.waitFor();
  }
}
