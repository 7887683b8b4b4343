package io.switchback.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class LauncherIT {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  @TempDir Path directory;
  private Home home;
  private Launcher launcher;

  @BeforeEach
  void makeHome() {
    home = new Home(directory.resolve("home"));
    launcher = new Launcher(home);
  }

  @AfterEach
  void stopAll() {
    home.services().read().processes().keySet().forEach(launcher::stop);
  }

  @Test
  void waitsUntilTheProcessIsReadyAndRemembersIt() {
    Path sign = directory.resolve("sign");

    StartedProcess started =
        launcher.start(
            shell("echo hello; touch " + sign + "; exec sleep 600"),
            () -> Files.exists(sign),
            LIMIT);

    assertThat(started.isAlive()).isTrue();
    assertThat(home.services().read().running("thing")).contains(started);
    assertThat(home.log("thing")).hasContent("hello");
  }

  @Test
  void findsTheOneThatRunsInsteadOfStartingASecond() {
    StartedProcess first = launcher.start(shell("exec sleep 600"), () -> true, LIMIT);

    assertThat(launcher.start(shell("exec sleep 600"), () -> true, LIMIT)).isEqualTo(first);
  }

  @Test
  void showsTheEndOfTheLogWhenTheProcessEndsBeforeItIsReady() {
    assertThatThrownBy(() -> launcher.start(shell("echo no room left; exit 3"), () -> false, LIMIT))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("no room left");
    assertThat(home.services().read().processes()).isEmpty();
  }

  @Test
  void stopsWhatItStartedWhenThatIsNotReadyInTime() {
    Path pid = directory.resolve("pid");

    assertThatThrownBy(
            () ->
                launcher.start(
                    shell("echo $$ > " + pid + "; exec sleep 600"),
                    () -> false,
                    Duration.ofMillis(300)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("not ready");
    assertThat(pid)
        .content()
        .satisfies(
            text ->
                assertThat(StartedProcess.of("thing", Long.parseLong(text.strip()), pid))
                    .isEmpty());
  }

  @Test
  void killsAProcessThatDoesNotEndWhenAsked() {
    Path sign = directory.resolve("sign");
    StartedProcess stubborn =
        launcher.start(
            shell("trap '' TERM; touch " + sign + "; while :; do sleep 600; done"),
            () -> Files.exists(sign),
            LIMIT);

    stubborn.stop(Duration.ofMillis(100));

    assertThat(stubborn.isAlive()).isFalse();
  }

  @Test
  void neverSignalsAProcessThatGotTheNumberLater() {
    StartedProcess real = launcher.start(shell("exec sleep 600"), () -> true, LIMIT);
    StartedProcess predecessor =
        new StartedProcess("thing", real.pid(), real.birth() + "0", real.log());

    predecessor.stop(Duration.ofMillis(100));

    assertThat(predecessor.isAlive()).isFalse();
    assertThat(real.isAlive()).isTrue();
  }

  @Test
  void whatItStartsOutlivesTheProgramThatStartedIt() throws Exception {
    Process starter =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Starter.class.getName(),
                home.directory().toString())
            .inheritIO()
            .start();

    assertThat(starter.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(starter.exitValue()).isZero();
    assertThat(home.services().read().running("thing")).isPresent();
  }

  @Test
  void startsThisSameProgram() {
    Launch help = Launch.program("help", List.of("--help"));

    assertThatThrownBy(() -> launcher.start(help, () -> false, LIMIT))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("ended before it was ready")
        .hasMessageContaining("switchback");
  }

  private static Launch shell(String script) {
    return new Launch("thing", List.of("/bin/sh", "-c", script), Map.of());
  }

  /** A program that starts something and ends. */
  static final class Starter {
    public static void main(String[] arguments) {
      new Launcher(new Home(Path.of(arguments[0])))
          .start(shell("exec sleep 600"), () -> true, LIMIT);
    }
  }
}
