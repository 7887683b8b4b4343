package io.switchback.lifecycle;

import static java.util.stream.Collectors.joining;

import io.switchback.Page;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/lifecycle.md} equal to the table. */
final class LifecyclePageTest {
  @Test
  void thePageSaysWhatTheTableSays() throws Exception {
    Page.assertSays("lifecycle.md", page());
  }

  private static String page() {
    return Page.ORIGIN
        + """
        # The replica lifecycle

        What may be done with a replica, from which state, and what it leads to. Everything else is refused before any side
        effect, and the refusal lists what is allowed now. A replica that an operation holds takes no second one, whatever its
        state.

        The state alone decides what is allowed. Which operation is at work, which step it is at, how the network is, and what is
        left to clean up are separate facts, for people. An operation that fails ends in the state that it came from, or waits for an
        operator with its step named; there is no third way to end.

        """
        + states()
        + table()
        + diagram();
  }

  private static String states() {
    return """
        | state | the replica |
        |--|--|
        | SEEDING | is protected; its first copy is not yet complete |
        | READY | follows production and can fail over |
        | FAILOVER | runs in production's place |
        | PERMANENT | runs for good; there is no way back but reprotection |
        | READY_TO_SWITCH | still serves; the first synchronisation of a failback is done |
        | FAILBACK | is off until commit or undo; production is synchronised and serves |

        """;
  }

  private static String table() {
    return "| operation | from | to | leaves behind |\n|--|--|--|--|\n"
        + Lifecycle.TABLE.stream()
            .map(
                row ->
                    "| %s | %s | %s | %s |\n"
                        .formatted(row.operation().words(), from(row), row.result(), row.leaves()))
            .collect(joining());
  }

  private static String from(Transition row) {
    if (row.from().isEmpty()) {
      return "–";
    }
    if (row.from().equals(EnumSet.allOf(ReplicaState.class))) {
      return "any but an operation in progress";
    }
    return row.from().stream().map(ReplicaState::name).collect(joining(", "));
  }

  private static String diagram() {
    return "\n```mermaid\nstateDiagram-v2\n"
        + Lifecycle.TABLE.stream()
            .filter(row -> row.to() != null && !row.from().equals(Set.of(row.to())))
            .flatMap(
                row ->
                    (row.from().isEmpty()
                            ? java.util.stream.Stream.of("[*]")
                            : row.from().stream().map(ReplicaState::name))
                        .map(
                            from ->
                                "    %s --> %s : %s\n"
                                    .formatted(from, row.to(), row.operation().words())))
            .collect(joining())
        + "```\n";
  }
}
