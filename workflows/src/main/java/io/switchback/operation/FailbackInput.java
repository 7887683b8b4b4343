package io.switchback.operation;

import io.switchback.lifecycle.Operation;
import io.switchback.model.FailbackTo;
import io.switchback.model.Mistakes;
import io.switchback.model.Switchover;
import io.switchback.port.CatalogueActivities.Member;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a failback reads beside what every operation takes: {@code switchover}, which is {@code
 * auto}, {@code manual} or {@code scheduled}; with the last {@code at}, a time; {@code restored},
 * the VM that was restored elsewhere, where the data are not to go back to the production VM;
 * {@code location}, where a VM is to be made for them; {@code powerOn}; and {@code
 * resynchroniseEvery}, how often it is synchronised while it waits for the switch, 6 h unless it
 * says otherwise.
 */
public final class FailbackInput implements OwnInput {
  private static final String EVERY = "resynchroniseEvery";
  private static final Duration USUALLY = Duration.ofHours(6);
  private static final Duration SHORTEST = Duration.ofMinutes(5);
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final String SWITCHOVERS =
      Arrays.stream(Switchover.values())
          .map(one -> '"' + one.name().toLowerCase(Locale.ROOT) + '"')
          .collect(Collectors.joining(", "));

  /** The operation that an input means, as the lifecycle knows it. */
  public static Operation operation(@Nullable JsonNode input) {
    return input == null ? Operation.FAILBACK : asked(input, new Mistakes()).operation();
  }

  /** How an input that was read means the failback. */
  public static FailbackAsked asked(JsonNode input) {
    return asked(input, new Mistakes());
  }

  @Override
  public Set<String> fields() {
    return Set.of("switchover", "at", "restored", "location", "powerOn", EVERY);
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    FailbackAsked asked = asked(input, mistakes);
    return new Read() {
      @Override
      public Object inputOf(ReplicaRequest request) {
        return new FailbackRequest(request, asked);
      }

      @Override
      public List<String> mistakes(List<Member> members) {
        if (members.size() == 1) {
          return List.of();
        }
        if (asked.to() == FailbackTo.RESTORED) {
          return List.of("restored is one VM, so it goes with one VM in vms");
        }
        return asked.location() != null && !asked.location().name().isEmpty()
            ? List.of("location.name is one VM's, so it goes with one VM in vms")
            : List.of();
      }
    };
  }

  private static FailbackAsked asked(JsonNode input, Mistakes mistakes) {
    String word = Input.text(input, "", "switchover", "auto", mistakes);
    Switchover switchover =
        Arrays.stream(Switchover.values())
            .filter(one -> one.name().equalsIgnoreCase(word))
            .findFirst()
            .orElse(null);
    mistakes.unless(switchover != null, "switchover must be one of " + SWITCHOVERS);
    Instant at =
        input.has("at") ? Input.value(input.path("at"), Instant.class, "at", mistakes) : null;
    mistakes.unless(
        (switchover == Switchover.SCHEDULED) == input.has("at"),
        "at is the time of a switchover that is \"scheduled\", and belongs to it, as in \"2026-03-01T22:00:00Z\"");
    String restored = Input.text(input, "", "restored", "", mistakes);
    mistakes.unless(
        !input.has("powerOn") || input.path("powerOn").isBoolean(),
        "powerOn must be true or false");
    NewLocation location = LocationInput.read(input.path("location"), mistakes);
    mistakes.unless(
        location == null || restored.isBlank(),
        "restored names a VM that is there, and location one that is made: give one of them");
    return new FailbackAsked(
        location != null
            ? FailbackTo.NEW_LOCATION
            : restored.isBlank() ? FailbackTo.PRODUCTION : FailbackTo.RESTORED,
        restored,
        location,
        switchover == null ? Switchover.AUTO : switchover,
        at,
        input.path("powerOn").asBoolean(true),
        every(input, switchover, mistakes));
  }

  private static @Nullable Duration every(
      JsonNode input, @Nullable Switchover switchover, Mistakes mistakes) {
    String word = Input.text(input, "", EVERY, "", mistakes);
    if (word.isEmpty()) {
      return switchover == Switchover.AUTO ? null : USUALLY;
    }
    mistakes.unless(
        switchover != Switchover.AUTO,
        EVERY + " belongs to a switchover that waits, \"manual\" or \"scheduled\"");
    if (word.equals("off")) {
      return null;
    }
    try {
      Duration every = Duration.parse(word);
      if (every.isZero()) {
        return null;
      }
      mistakes.unless(
          every.compareTo(SHORTEST) >= 0 && every.compareTo(LONGEST) <= 0,
          "%s must be from %s to %s, or \"off\", not %s"
              .formatted(EVERY, SHORTEST, LONGEST, every));
      return every;
    } catch (DateTimeParseException noTime) {
      mistakes.add(EVERY + " must be a time like \"PT6H\", or \"off\", not \"" + word + '"');
      return null;
    }
  }
}
