package io.switchback.bench.delta;

import java.io.IOException;

/** Programs that run as a user would run them. */
final class Tools {
  private Tools() {}

  /**
   * @throws IOException if it ends with anything but 0
   */
  static void run(String... command) throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit);
    }
  }

  /** What running it took, its start included. */
  static double seconds(String... command) throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    run(command);
    return (System.nanoTime() - startNanos) / 1e9;
  }
}
