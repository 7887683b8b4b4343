package io.switchback.worker.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the JSON that a person gives: as it stands, {@code @file}, or {@code -} for standard input.
 */
public final class InputText {
  // A key that is there twice is a slip of the pen, and the run would silently see only one of
  // them.
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private InputText() {}

  /**
   * Answers the object that {@code argument} gives.
   *
   * @throws Refusal if it cannot be read, is not JSON (with line and column), or is no object
   */
  public static ObjectNode read(String argument, InputStream standardInput) {
    String source =
        argument.equals("-")
            ? "standard input"
            : argument.startsWith("@") ? argument.substring(1) : "the input";
    String text = text(argument, source, standardInput);
    JsonNode node = parse(text, source);
    if (node instanceof ObjectNode object) {
      return object;
    }
    throw Refusal.usage(
        "Could not use %s: it must be an object like {\"vms\":[\"web-01\"]}.".formatted(source));
  }

  private static String text(String argument, String source, InputStream standardInput) {
    try {
      if (argument.equals("-")) {
        return new String(standardInput.readAllBytes(), UTF_8);
      }
      return argument.startsWith("@") ? Files.readString(Path.of(source)) : argument;
    } catch (IOException unreadable) {
      throw new Refusal(
          ExitCode.USAGE,
          "Could not read '%s': %s. Name a file that you may read after the @."
              .formatted(source, reason(unreadable)),
          unreadable);
    }
  }

  private static JsonNode parse(String text, String source) {
    if (text.isBlank()) {
      throw Refusal.usage(
          "Could not use %s: it is empty. Give an object like {\"vms\":[\"web-01\"]}."
              .formatted(source));
    }
    try {
      return JSON.readTree(text);
    } catch (JacksonException malformed) {
      TokenStreamLocation at = malformed.getLocation();
      String where =
          at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
      throw new Refusal(
          ExitCode.USAGE,
          "Could not use %s: it is not JSON%s: %s. In a shell, put it into single quotes: '{\"vms\":[\"web-01\"]}'."
              .formatted(source, where, plain(malformed.getOriginalMessage())),
          malformed);
    }
  }

  /** Jackson adds where the text came from, which says nothing here. */
  private static String plain(String message) {
    return message
        .lines()
        .findFirst()
        .orElse(message)
        .replaceAll(" \\(start marker at .*", "")
        .replaceAll("\\.?\\s*$", "");
  }

  private static String reason(IOException unreadable) {
    return switch (unreadable) {
      case java.nio.file.NoSuchFileException _ -> "there is no such file";
      case java.nio.file.AccessDeniedException _ -> "access is denied";
      default -> String.valueOf(unreadable.getMessage());
    };
  }
}
