package io.switchback.port;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DefaultDataConverter;
import io.temporal.common.converter.Jackson3JsonPayloadConverter;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How records travel through Temporal's histories: JSON that people can read, lenient towards
 * fields it does not know, because old code must read the histories that newer code wrote, and
 * towards numbers that are missing, because newer code must read what old code wrote.
 */
public final class Payloads {
  private static final JsonMapper MAPPER =
      Jackson3JsonPayloadConverter.newDefaultJsonMapper(false)
          .rebuild()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .changeDefaultPropertyInclusion(
              inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
          .build();

  private Payloads() {}

  /** The mapper behind the converter. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /** The converter of every client, worker and test. */
  public static DataConverter converter() {
    return DefaultDataConverter.newDefaultInstance()
        .withPayloadConverterOverrides(new Jackson3JsonPayloadConverter(MAPPER));
  }
}
