package io.switchback.lab;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lab's JSON: absent is not written; a key nobody knows is refused in requests and ignored in
 * what was stored.
 */
final class Json {
  private static final JsonMapper LENIENT =
      JsonMapper.builder()
          .changeDefaultPropertyInclusion(
              value -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();
  private static final JsonMapper STRICT =
      LENIENT.rebuild().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Json() {}

  static byte[] write(Object value) {
    return LENIENT.writeValueAsBytes(value);
  }

  static <T> T read(byte[] text, Class<T> type) {
    return LENIENT.readValue(text, type);
  }

  /** Reads what a caller sent; an empty body counts as {@code {}}. */
  static <T> T readRequest(byte[] text, Class<T> type) {
    try {
      return STRICT.readValue(
          text.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : text, type);
    } catch (JacksonException e) {
      throw new LabException(
          LabFault.BAD_REQUEST, "Could not read the request: " + e.getOriginalMessage(), e);
    }
  }
}
