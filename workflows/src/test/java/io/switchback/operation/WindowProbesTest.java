package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.NotifyActivities.Notice;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Probes that decide whether what a window is for happens. */
class WindowProbesTest extends WindowCase {
  private static final String PROBES =
      ",\"probes\":[{\"kind\":\"TcpCheck\",\"address\":\"{address}:443\",\"limit\":\"PT5S\"}]";

  @Test
  void probesThatPassLetACommitHappen() {
    failOver("PT4H", "commit", PROBES);

    ends(PERMANENT);

    assertThat(estate.people.notices()).isEmpty();
  }

  @Test
  void probesThatDoNotPassPutACommitOffAndLeaveItToAPersonInTheEnd() {
    failOver("PT4H", "commit", PROBES);
    estate.checks.silence(replica.recovery().id());

    estate.environment().sleep(Duration.ofHours(4).plusMinutes(5));
    assertThat(pages("PUT_OFF"))
        .singleElement()
        .extracting(Notice::message)
        .asString()
        .contains("does not pass", "put off 1 of 3 times");
    assertThat(window().extensions()).isEqualTo(1);

    estate.environment().sleep(Duration.ofDays(3));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(pages("PUT_OFF")).hasSize(3);
    assertThat(pages("STOPPED"))
        .singleElement()
        .extracting(Notice::message)
        .asString()
        .contains("nothing is done by itself any more");
    assertThat(audit("putOffWindow")).hasSize(3).allMatch(entry -> entry.by().equals("probes"));
    assertThat(details()).contains("nothing is done by itself any more", "cancelWindow");
  }

  @Test
  void aPersonWhoExtendsAWornOutWindowBeginsAnew() {
    failOver("PT4H", "commit", PROBES);
    estate.checks.silence(replica.recovery().id());
    estate.environment().sleep(Duration.ofDays(3));
    Instant now = estate.now();

    extend("PT2H");

    assertThat(window().extensions()).isZero();
    assertThat(window().endsAt()).isAfterOrEqualTo(now.plus(Duration.ofHours(2)));
  }

  @Test
  void probesThatPassPutAnUndoOff() {
    failOver("PT4H", "undo", PROBES);

    estate.environment().sleep(Duration.ofHours(5));

    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(pages("PUT_OFF"))
        .singleElement()
        .extracting(Notice::message)
        .asString()
        .contains("all of its probes pass");
  }

  @Test
  void probesThatDoNotPassLetAnUndoHappen() {
    failOver("PT4H", "undo", PROBES);
    estate.checks.silence(replica.recovery().id());

    ends(READY);
  }

  @Test
  void probesOfAFailbackAskProduction() {
    done("PartialFailover", WEB);
    done("Failback", asking("PT4H", "commit", PROBES));
    estate.checks.silence(replica.recovery().id());

    ends(READY);
  }

  @Test
  void aSiteThatCannotBeAskedSaysNeither() {
    failOver("PT4H", "undo", PROBES);
    estate.checks.silence(replica.recovery().id());
    estate.recovery.reachable(false);

    estate.environment().sleep(Duration.ofHours(6));
    assertThat(state()).isEqualTo(FAILOVER);
    assertThat(window().extensions()).isZero();
    assertThat(pages("REFUSED")).hasSize(1);

    estate.recovery.reachable(true);
    ends(READY);
  }
}
