package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.model.Mistakes;
import io.switchback.port.Payloads;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads parts of an input that a person wrote, and notes every mistake in it. */
final class Input {
  private Input() {}

  static String text(
      JsonNode record, String where, String field, String absent, Mistakes mistakes) {
    JsonNode value = record.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isString()) {
      mistakes.add(where + field + " must be text");
      return absent;
    }
    return value.asString();
  }

  static <T> @Nullable T value(JsonNode value, Class<T> type, String where, Mistakes mistakes) {
    try {
      return Payloads.mapper().treeToValue(value, type);
    } catch (JacksonException wrong) {
      // The records refuse in sentences of their own; the mapper's speak of Java.
      if (wrong.getCause() instanceof IllegalArgumentException refused) {
        mistakes.add(where + ": " + refused.getMessage());
      } else {
        String path =
            wrong.getPath().stream().map(field -> "." + field.getPropertyName()).collect(joining());
        mistakes.add(where + path + " has a value of the wrong kind");
      }
      return null;
    }
  }

  static void unknownFields(JsonNode record, Set<String> known, String where, Mistakes mistakes) {
    for (String field : record.propertyNames()) {
      if (!known.contains(field)) {
        mistakes.add(
            "'"
                + where
                + field
                + "' is unknown; known are "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }
}
