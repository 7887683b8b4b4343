package io.switchback.operation;

import io.switchback.model.Mistakes;
import io.switchback.port.CatalogueActivities.Member;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What an operation reads by which a failover or a failback ends: {@code due}, by which the timer
 * of a window names the end that it goes by; beside what it reads of its own.
 */
public final class WindowEndInput implements OwnInput {
  /** The end that a timer goes by. */
  static final String DUE = "due";

  private final OwnInput rest;

  /** Of an operation that reads nothing else. */
  public WindowEndInput() {
    this(OwnInput.NONE);
  }

  /**
   * @param rest what the operation reads beside the end
   */
  public WindowEndInput(OwnInput rest) {
    this.rest = rest;
  }

  @Override
  public Set<String> fields() {
    Set<String> fields = new HashSet<>(rest.fields());
    fields.add(DUE);
    return fields;
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    Instant due =
        input.hasNonNull(DUE) ? Input.value(input.path(DUE), Instant.class, DUE, mistakes) : null;
    Read read = rest.read(input, mistakes);
    return new Read() {
      @Override
      public Object inputOf(ReplicaRequest request) {
        return read.inputOf(request.dueAt(due));
      }

      @Override
      public List<String> mistakes(List<Member> members) {
        return read.mistakes(members);
      }
    };
  }
}
