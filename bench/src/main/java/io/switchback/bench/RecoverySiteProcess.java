package io.switchback.bench;

import io.switchback.lab.LabClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Starts {@link RecoverySite} and ends it. */
final class RecoverySiteProcess implements AutoCloseable {
  private final Process process;
  private final LabClient client;

  private RecoverySiteProcess(Process process, LabClient client) {
    this.process = process;
    this.client = client;
  }

  static RecoverySiteProcess start(Path folder) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    RecoverySite.class.getName(),
                    folder.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("http://")) {
        return new RecoverySiteProcess(process, LabClient.of(folder));
      }
    }
    throw new IOException("The recovery site ended before it said its address.");
  }

  LabClient client() {
    return client;
  }

  @Override
  public void close() throws IOException {
    client.close();
    process.getOutputStream().close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
