package io.switchback.operation;

import io.switchback.model.Check;
import io.switchback.model.Mistakes;
import io.switchback.model.WindowEnd;
import io.switchback.model.WindowTerms;
import io.switchback.port.CatalogueActivities.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an operation reads that leads to something to commit: {@code window}, as in {@code
 * {"length":"PT4H","atEnd":"undo"}}, with {@code probes} if they are to be asked first; beside what
 * it reads of its own.
 */
public final class WindowInput implements OwnInput {
  private static final String FIELD = "window";
  private static final Set<String> FIELDS = Set.of("length", "atEnd", "probes");
  private static final String EXAMPLE =
      "window must be a record like {\"length\":\"PT4H\",\"atEnd\":\"undo\"}";

  private final OwnInput rest;

  /** Of an operation that reads nothing else. */
  public WindowInput() {
    this(OwnInput.NONE);
  }

  /**
   * @param rest what the operation reads beside the window
   */
  public WindowInput(OwnInput rest) {
    this.rest = rest;
  }

  @Override
  public Set<String> fields() {
    Set<String> fields = new HashSet<>(rest.fields());
    fields.add(FIELD);
    return fields;
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    Read read = rest.read(input, mistakes);
    WindowTerms terms = input.hasNonNull(FIELD) ? terms(input.path(FIELD), mistakes) : null;
    return new Read() {
      @Override
      public Object inputOf(ReplicaRequest request) {
        return read.inputOf(request.within(terms));
      }

      @Override
      public Duration after(Member member) {
        return read.after(member);
      }

      @Override
      public List<String> mistakes(List<Member> members) {
        return read.mistakes(members);
      }
    };
  }

  private static @Nullable WindowTerms terms(JsonNode window, Mistakes mistakes) {
    if (!window.isObject()) {
      mistakes.add(EXAMPLE);
      return null;
    }
    Input.unknownFields(window, FIELDS, "window.", mistakes);
    int before = mistakes.found().size();
    Duration length = Input.value(window.path("length"), Duration.class, "window.length", mistakes);
    Optional<WindowEnd> atEnd =
        WindowEnd.named(Input.text(window, "window.", "atEnd", "", mistakes));
    mistakes.unless(atEnd.isPresent(), "window.atEnd must be \"commit\" or \"undo\"");
    List<Check> probes = probes(window.path("probes"), mistakes);
    if (length == null || mistakes.found().size() > before) {
      return null;
    }
    try {
      return new WindowTerms(length, atEnd.orElseThrow(), probes);
    } catch (IllegalArgumentException refused) {
      mistakes.add("window: " + refused.getMessage());
      return null;
    }
  }

  private static List<Check> probes(JsonNode probes, Mistakes mistakes) {
    if (probes.isMissingNode() || probes.isNull()) {
      return List.of();
    }
    if (!probes.isArray()) {
      mistakes.add(
          "window.probes must be a list like [{\"kind\":\"TcpCheck\",\"address\":\"{address}:443\"}]");
      return List.of();
    }
    List<Check> read = new ArrayList<>();
    for (int i = 0; i < probes.size(); i++) {
      Check probe = Input.value(probes.path(i), Check.class, "window.probes[" + i + "]", mistakes);
      if (probe != null) {
        read.add(probe);
      }
    }
    return read;
  }
}
