package io.switchback.worker.demo;

import io.switchback.appliance.lab.LabScript;
import io.switchback.worker.local.Refusal;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A ping that goes on until it is answered, begun before something that takes a while. */
public final class FirstAnswer implements AutoCloseable {
  private final Process ping;
  private final CompletableFuture<Double> seconds = new CompletableFuture<>();

  private FirstAnswer(Process ping) {
    this.ping = ping;
  }

  /** Begins, at a host of the network lab; it ends by itself after three minutes. */
  public static FirstAnswer of(LabScript lab, String host, String address) {
    // A deadline would end it with the first host that says that nobody is there.
    List<String> command =
        lab.command("exec", host, "ping", "-n", "-O", "-i", "0.1", "-c", "1800", address);
    long begun = System.nanoTime();
    try {
      FirstAnswer answer =
          new FirstAnswer(new ProcessBuilder(command).redirectErrorStream(true).start());
      Thread.ofVirtual().start(() -> answer.listen(begun));
      return answer;
    } catch (IOException failure) {
      throw Refusal.unreachable("Could not ping: " + failure.getMessage() + ".", failure);
    }
  }

  private void listen(long begun) {
    try (BufferedReader lines = ping.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains(" ttl=")) {
          seconds.complete(Math.round((System.nanoTime() - begun) / 1e8) / 10.0);
        }
      }
    } catch (IOException ended) {
      // Nobody waits for an answer any more.
    }
    seconds.complete(-1.0);
  }

  /**
   * Seconds, to the tenth, from the begin to the first answer; -1 when there is none within that
   * time.
   */
  public double seconds(long limitSeconds) {
    return seconds.completeOnTimeout(-1.0, limitSeconds, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    ping.destroy();
  }
}
