package io.switchback.vsphere;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program that is spoken to by lines of JSON and ends with its input, so that none is left when
 * the test's own process dies.
 */
final class LineProcess implements AutoCloseable {
  private static final int ANSWER_WITHIN_SECONDS = 60;
  private static final int END_WITHIN_SECONDS = 10;

  private final String name;
  private final Process process;
  private final BufferedWriter questions;
  private final BufferedReader answers;

  /** What the program writes to its standard error goes to this process's. */
  LineProcess(String name, ProcessBuilder program) throws IOException {
    this.name = name;
    this.process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    this.questions = process.outputWriter();
    this.answers = process.inputReader();
  }

  /** Writes a line and answers the next one that the program writes. */
  synchronized JsonNode ask(Object question) {
    try {
      questions.write(JsonMapper.shared().writeValueAsString(question));
      questions.newLine();
      questions.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("'%s' reads no more".formatted(name), e);
    }
    return next();
  }

  /** The next line that the program writes; a program that is silent for a minute is ended. */
  synchronized JsonNode next() {
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(this::readLine, task -> Thread.ofVirtual().start(task))
            .orTimeout(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS)
            .whenComplete(
                (_, failure) -> {
                  if (failure != null) {
                    process.destroyForcibly();
                  }
                });
    return JsonMapper.shared().readTree(line.join());
  }

  private String readLine() {
    try {
      return Objects.requireNonNullElseGet(
          answers.readLine(),
          () -> {
            throw new IllegalStateException(
                String.format(Locale.ROOT, "'%s' ended without an answer", name));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      questions.close();
      if (!process.waitFor(END_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException gone) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
