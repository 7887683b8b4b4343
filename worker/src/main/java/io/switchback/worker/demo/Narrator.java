package io.switchback.worker.demo;

import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Tells the demo's story, each line with the time since it began. */
final class Narrator {
  private final PrintStream out;
  private final long begunNanos = System.nanoTime();

  Narrator(PrintStream out) {
    this.out = out;
  }

  Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - begunNanos);
  }

  /** What comes next. */
  void chapter(String text) {
    out.println();
    line(text);
  }

  /** A line with the time. */
  void line(String text) {
    out.printf(Locale.ROOT, "%6.1f s  %s%n", elapsed().toMillis() / 1000.0, text);
  }

  /** A line that belongs to the one before. */
  void detail(String text) {
    out.println("          " + text);
  }

  /** Whether somebody watches: a bar that moves is noise in a file. */
  boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }

  PrintStream out() {
    return out;
  }
}
