package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.lab.LabScript;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A host of the network lab that pings another one all the time. */
final class Pinging implements AutoCloseable {
  private static final Pattern ANSWER = Pattern.compile("^\\[(\\d+\\.\\d+)] .* ttl=(\\d+) ");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Process ping;
  private final List<Answer> answers = new ArrayList<>();

  /**
   * @param at seconds, as this machine's clock has them
   */
  record Answer(double at, int ttl) {}

  private Pinging(Process ping) {
    this.ping = ping;
  }

  /** Begins, twenty times a second. */
  static Pinging from(LabScript lab, String host, String address) throws IOException {
    Process ping =
        new ProcessBuilder(
                lab.command("exec", host, "ping", "-n", "-D", "-i", "0.05", "-W", "1", address))
            .redirectErrorStream(true)
            .start();
    Pinging pinging = new Pinging(ping);
    Thread.ofVirtual().start(pinging::listen);
    return pinging;
  }

  private void listen() {
    try (BufferedReader lines = ping.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher answer = ANSWER.matcher(line);
        if (answer.find()) {
          add(new Answer(Double.parseDouble(answer.group(1)), Integer.parseInt(answer.group(2))));
        }
      }
    } catch (IOException ended) {
      // There are no more answers.
    }
  }

  private synchronized void add(Answer answer) {
    answers.add(answer);
    notifyAll();
  }

  /**
   * Waits until that many answers have come after {@code since}, one soon after the other, and says
   * for how long there was none since then.
   */
  synchronized Duration longestSilence(double since, int answersInARow)
      throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      double last = since;
      double longest = 0;
      int inARow = 0;
      for (Answer answer : answers) {
        if (answer.at() > since) {
          double silence = answer.at() - last;
          longest = Math.max(longest, silence);
          inARow = silence < 0.5 ? inARow + 1 : 1;
          last = answer.at();
        }
      }
      if (inARow >= answersInARow) {
        return Duration.ofMillis(Math.round(longest * 1000));
      }
      assertThat(System.nanoTime()).as("no answers within %s", LIMIT).isLessThan(deadline);
      wait(200);
    }
  }

  /** The TTL of each answer so far. */
  synchronized List<Integer> ttls() {
    return answers.stream().map(Answer::ttl).toList();
  }

  static double now() {
    return System.currentTimeMillis() / 1000.0;
  }

  @Override
  public void close() throws InterruptedException {
    ping.destroy();
    ping.waitFor();
  }
}
