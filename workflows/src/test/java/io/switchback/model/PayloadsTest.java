package io.switchback.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.switchback.Samples;
import io.switchback.port.Payloads;
import io.switchback.port.SiteActivities.Greeting;
import io.switchback.port.VerifyActivities.VerifyGuest;
import io.temporal.api.common.v1.Payload;
import io.temporal.common.converter.DataConverter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every record that travels through a history comes back as it was, also from the future. */
final class PayloadsTest {
  private static final DataConverter CONVERTER = Payloads.converter();

  static Stream<Class<? extends Record>> everyRecord() {
    return new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.switchback.model", "io.switchback.port", "io.switchback.operation")
            .stream()
            .filter(JavaClass::isRecord)
            .filter(
                type ->
                    type.getModifiers()
                        .contains(com.tngtech.archunit.core.domain.JavaModifier.PUBLIC))
            .map(type -> type.reflect().<Record>asSubclass(Record.class));
  }

  @Test
  void thereAreRecordsToTry() {
    assertThat(everyRecord()).hasSizeGreaterThan(50);
  }

  @ParameterizedTest
  @MethodSource("everyRecord")
  void comesBackAsItWas(Class<? extends Record> type) {
    Record full = new Samples().full(type);

    assertThat(read(write(full), type)).isEqualTo(full);
  }

  @ParameterizedTest
  @MethodSource("everyRecord")
  void comesBackAsItWasWithoutWhatMayBeAbsent(Class<? extends Record> type) {
    Record sparse = new Samples().sparse(type);

    Payload payload = write(sparse);

    assertThat(read(payload, type)).isEqualTo(sparse);
    assertThat(payload.getData().toStringUtf8()).doesNotContain("null");
  }

  @ParameterizedTest
  @MethodSource("everyRecord")
  void ignoresFieldsThatNewerCodeWrote(Class<? extends Record> type) {
    Record full = new Samples().full(type);
    JsonNode json = Payloads.mapper().readTree(write(full).getData().toByteArray());
    addUnknownFields(json);

    Payload newer =
        write(full).toBuilder()
            .setData(
                com.google.protobuf.ByteString.copyFrom(Payloads.mapper().writeValueAsBytes(json)))
            .build();

    assertThat(read(newer, type)).isEqualTo(full);
  }

  @Test
  void aCheckNamesItsKind() {
    VerifyGuest request =
        new VerifyGuest(
            new VmRef("paris", "vm-1", "web-01"),
            null,
            List.of(
                new HttpCheck("http://{address}/", 200, Duration.ofSeconds(30)),
                new TcpCheck("{address}", Duration.ofSeconds(30))));

    String json = write(request).getData().toStringUtf8();

    assertThat(json)
        .contains("\"kind\":\"HttpCheck\"", "\"kind\":\"TcpCheck\"", "\"limit\":\"PT30S\"");
    assertThat(read(write(request), VerifyGuest.class)).isEqualTo(request);
  }

  @Test
  void aNumberThatOlderCodeDidNotWriteIsZero() {
    Payload older =
        CONVERTER
            .toPayload(Map.of("site", "paris", "queue", "site.paris", "worker", "w", "build", "b"))
            .orElseThrow();

    assertThat(read(older, Greeting.class)).returns(0L, Greeting::highestEpoch);
  }

  @Test
  void durationsAreWrittenAsPeopleReadThem() {
    assertThat(write(Pace.DEFAULT).getData().toStringUtf8())
        .contains("\"heartbeat\":\"PT10S\"", "\"stepLimit\":\"PT30M\"");
  }

  // Not below a map: whatever stands there is an entry and no field.
  private static void addUnknownFields(JsonNode json) {
    if (json instanceof ObjectNode object && !isMap(object)) {
      object.forEach(PayloadsTest::addUnknownFields);
      object.put("fromTheFuture", 42);
    }
    if (json.isArray()) {
      json.forEach(PayloadsTest::addUnknownFields);
    }
  }

  private static boolean isMap(ObjectNode object) {
    return object.propertyNames().stream().anyMatch(name -> name.contains(" "));
  }

  private static Payload write(Object value) {
    return CONVERTER.toPayload(value).orElseThrow();
  }

  private static <T> T read(Payload payload, Class<T> type) {
    return CONVERTER.fromPayload(payload, type, type);
  }
}
