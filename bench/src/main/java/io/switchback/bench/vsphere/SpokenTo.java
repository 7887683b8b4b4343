package io.switchback.bench.vsphere;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A program of the lab that is spoken to by lines of JSON, and ends with its input. */
final class SpokenTo implements AutoCloseable {
  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  SpokenTo(List<String> command, Map<String, String> environment) throws IOException {
    ProcessBuilder program = new ProcessBuilder(command);
    program.environment().putAll(environment);
    process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    questions = process.outputWriter();
    answers = process.inputReader();
  }

  /** Where {@code docker/lab/install} has put a program. */
  static String installed(String what) throws IOException, InterruptedException {
    Process install =
        new ProcessBuilder(Path.of("docker/lab/install").toString(), what, "--path")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String path = new String(install.getInputStream().readAllBytes(), UTF_8).strip();
    if (install.waitFor() != 0 || path.isEmpty()) {
      throw new IOException("`docker/lab/install %s` has not run yet.".formatted(what));
    }
    return path;
  }

  JsonNode ask(Map<String, ?> question) throws IOException {
    questions.write(JsonMapper.shared().writeValueAsString(question));
    questions.newLine();
    questions.flush();
    JsonNode said = next();
    if (said.has("error")) {
      throw new IOException(said.get("error").asString());
    }
    return said.get("answer");
  }

  JsonNode next() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("A program of the lab ended without an answer.");
    }
    return JsonMapper.shared().readTree(line);
  }

  @Override
  public void close() throws IOException {
    questions.close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
