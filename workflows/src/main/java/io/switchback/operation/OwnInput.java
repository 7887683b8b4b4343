package io.switchback.operation;

import io.switchback.model.Mistakes;
import io.switchback.port.CatalogueActivities.Member;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What an operation reads from its input beside what every operation takes. */
public interface OwnInput {
  /** Nothing. */
  OwnInput NONE =
      new OwnInput() {
        @Override
        public Set<String> fields() {
          return Set.of();
        }

        @Override
        public Read read(JsonNode input, Mistakes mistakes) {
          return request -> request;
        }
      };

  /** Names of its fields. */
  Set<String> fields();

  /** Reads them, and notes every mistake. */
  Read read(JsonNode input, Mistakes mistakes);

  /** What was read. */
  @FunctionalInterface
  interface Read {
    /** What the run over one replica is given. */
    Object inputOf(ReplicaRequest request);

    /** How long after the start of that VM the next one starts. */
    default Duration after(Member member) {
      return Duration.ZERO;
    }

    /** What of it does not fit the VMs that are meant. */
    default List<String> mistakes(List<Member> members) {
      return List.of();
    }
  }
}
