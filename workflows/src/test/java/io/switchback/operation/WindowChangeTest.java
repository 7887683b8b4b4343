package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lifecycle.Operation;
import io.switchback.port.CatalogueActivities.AuditEntry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What people read of a window, and how they move its end. */
class WindowChangeTest extends WindowCase {
  @Test
  void showsWhatIsLeftAndHowItIsExtended() {
    Instant end = failOver("PT72H", "undo", "");
    estate.until("asked", () -> details().contains("left"));
    assertThat(details())
        .contains(
            "window of web-01",
            "**3 d left**",
            "at " + end,
            "its failover is undone (`UndoFailover`)",
            "Asked for by ada",
            "{\"extendBy\":\"PT72H\",\"by\":\"your name\",\"reason\":\"why\"}",
            "cancelWindow");

    estate.environment().sleep(Duration.ofHours(70).plusMinutes(30));

    assertThat(details()).contains("**90 min left**");
  }

  @Test
  void whoExtendsItPutsTheEndOff() {
    Instant end = failOver("PT4H", "undo", "");

    assertThat(extend("PT6H")).contains("ends at " + end.plus(Duration.ofHours(6)));

    estate.environment().sleep(Duration.ofHours(9));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(audit("extendWindow"))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.by()).isEqualTo("bob");
              assertThat(entry.operation()).isEqualTo(Operation.UNDO_FAILOVER);
              assertThat(entry.detail()).contains("before it was " + end, "why: we still look");
            });
    ends(READY);
    assertThat(doneAt("moveToREADY")).isAfterOrEqualTo(end.plus(Duration.ofHours(6)));
  }

  @Test
  void aTimeMayBeNamedInstead() {
    Instant end = failOver("PT4H", "undo", "");
    Instant later = end.plus(Duration.ofDays(10));

    change(WindowTimer.EXTEND, new WindowChange(null, later.plusNanos(7).toString(), "bob", null));

    assertThat(window().endsAt()).as("as fine as a registry can keep it").isEqualTo(later);
  }

  @Test
  void refusesChangesThatMakeNoSense() {
    Instant end = failOver("PT4H", "undo", "");
    estate.until("asked", () -> details().contains("left"));

    refuses(new WindowChange("PT2H", null, null, null), "Say who asks");
    refuses(new WindowChange(null, null, "bob", null), "one of the two");
    refuses(new WindowChange("PT2H", end.toString(), "bob", null), "one of the two");
    refuses(new WindowChange("2 hours", null, "bob", null), "'2 hours' is no length of time");
    refuses(new WindowChange(null, "tomorrow", "bob", null), "'tomorrow' is no time");
    refuses(new WindowChange("PT0S", null, "bob", null), "is not later");
    refuses(new WindowChange(null, end.minusSeconds(60).toString(), "bob", null), "is not later");
    refuses(new WindowChange("P91D", null, "bob", null), "at most 90 days from now");
    assertThat(window().endsAt()).isEqualTo(end);
  }

  @Test
  void whoCancelsItKeepsTheFailoverAsItIs() {
    failOver("PT4H", "undo", "");

    assertThat(change(WindowTimer.CANCEL, new WindowChange(null, null, "bob", "I decide")))
        .contains("is cancelled");

    estate.until("the timer ends", this::hasEnded);
    estate.environment().sleep(Duration.ofHours(5));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(estate.registry.window(replica.id())).isEmpty();
    assertThat(audit("cancelWindow")).singleElement().returns("bob", AuditEntry::by);
  }

  @Test
  void anEndThatIsMovedWhileItsOperationBeginsIsObeyed() {
    Instant end = failOver("PT4H", "undo", "");
    Instant later = end.plus(Duration.ofDays(1));
    // Between the start of the run and its claim the registry has another end.
    estate
        .registry
        .script()
        .before(
            "claimReplica", replica.id(), () -> estate.registry.windowEnds(replica.id(), later));

    estate.environment().sleep(Duration.ofHours(5));

    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(claims(Operation.UNDO_FAILOVER)).hasSize(1);
    assertThat(pages("STOPPED")).isEmpty();
    ends(READY);
    assertThat(doneAt("moveToREADY")).isAfterOrEqualTo(later);
  }
}
