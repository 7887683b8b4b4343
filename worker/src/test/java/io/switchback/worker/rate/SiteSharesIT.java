package io.switchback.worker.rate;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.RateLimits;
import io.switchback.worker.WorkerProgram;
import io.switchback.worker.WorkerSettings;
import io.switchback.worker.local.OwnPorts;
import io.switchback.worker.local.Requires;
import io.switchback.worker.local.TemporalDevServer;
import io.switchback.worker.stream.StreamSettings;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/** Two workers of one site, one of them a process of its own, against a real Temporal. */
@Tag("process")
class SiteSharesIT {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final long RATE = 8 * 1024 * 1024;

  @TempDir Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private TemporalDevServer server;
  private String temporal;

  @BeforeEach
  void startTemporal() {
    server = new TemporalDevServer(OwnPorts.home(directory.resolve("home")));
    temporal = server.start(Requires.temporal()).address();
  }

  @AfterEach
  void stopTemporal() {
    server.stop();
    http.close();
  }

  @Test
  void eachTakesHalfAndWhenOneIsKilledTheOtherGetsAllAgain() throws Exception {
    RateLimits limits = new RateLimits(OptionalLong.empty(), OptionalLong.of(RATE));
    int port = OwnPorts.next();
    try (ConfigurableApplicationContext here = WorkerProgram.run(settings(limits))) {
      until("the worker takes all while it is alone", () -> share(limits) == RATE);

      Process other = start(port);
      try {
        until("it leaves half to the other", () -> share(limits) == RATE / 2);
        until("the other takes that", () -> tells(port, RATE / 2, 2));
        assertThat(share(limits)).isEqualTo(RATE / 2);
      } finally {
        other.destroyForcibly().waitFor();
      }

      until("it gets all again", () -> share(limits) == RATE);
      assertThat(here.getBean(SiteShares.class).now())
          .containsExactly(new SiteShare("potsdam", 1, RATE, 0));
    }
  }

  /** What a transfer into the site may take in this process. */
  private static long share(RateLimits limits) {
    return limits.of("berlin", "potsdam").getLast().bytesPerSecond();
  }

  private WorkerSettings settings(RateLimits limits) {
    return new WorkerSettings(
        temporal,
        "",
        List.of("site.potsdam"),
        Map.of(),
        Map.of(),
        Map.of(),
        "",
        false,
        0,
        StreamSettings.none(),
        limits);
  }

  private Process start(int metricsPort) throws IOException {
    File log = directory.resolve("other.log").toFile();
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.switchback.worker.command.Switchback",
            "worker",
            "--home",
            directory.resolve("other").toString(),
            "--temporal",
            temporal,
            "--queues",
            "site.potsdam",
            "--site-rate",
            "8MiB",
            "--metrics",
            Integer.toString(metricsPort))
        .redirectErrorStream(true)
        .redirectOutput(log)
        .redirectInput(new File("/dev/null"))
        .start();
  }

  private boolean tells(int port, long bytesPerSecond, int workers) {
    try {
      URI metrics = URI.create("http://127.0.0.1:" + port + "/metrics");
      String body =
          http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString()).body();
      return body.contains(
              "switchback_site_rate_bytes{site=\"potsdam\"} %.1f"
                  .formatted((double) bytesPerSecond))
          && body.contains(
              "switchback_site_rate_workers{site=\"potsdam\"} %d.0".formatted(workers));
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stop);
    }
  }

  private static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("not so within %s: %s", LIMIT, what).isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }
}
