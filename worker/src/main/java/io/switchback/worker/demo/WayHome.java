package io.switchback.worker.demo;

import io.switchback.lab.LabClient;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Replica;
import io.switchback.operation.FailbackFigures;
import io.switchback.operation.MemberResult;
import io.switchback.operation.Outcome;
import io.switchback.port.Payloads;
import io.switchback.worker.demo.Demo.Operations;
import io.switchback.worker.demo.DemoReport.Failback;
import io.switchback.worker.local.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One VM's whole way: production is switched off, its replica serves and writes, then its data go
 * home, and a separate reader looks whether the last of them arrived.
 */
final class WayHome {
  static final String VM = "web-02";
  private static final String INPUT =
      Payloads.mapper().writeValueAsString(Map.of("vms", List.of(VM), "by", "demo"));

  private final LabClient production;
  private final Witnesses witnesses;
  private final Operations operations;
  private final Narrator narrator;

  WayHome(LabClient production, Witnesses witnesses, Operations operations, Narrator narrator) {
    this.production = production;
    this.witnesses = witnesses;
    this.operations = operations;
    this.narrator = narrator;
  }

  Failback walk(Replica replica) {
    narrator.chapter("HOME  " + VM + " at berlin goes dark; its replica serves, then goes home");
    production.powerOff(replica.production().id(), null);
    boolean isFailedOver = conduct("PartialFailover").verified();
    MemberResult home = conduct("Failback");
    FailbackFigures moved = home.failback();
    if (moved == null) {
      throw Refusal.failed("'" + VM + "' did not go home: " + home.notes());
    }
    JsonNode read = witnesses.ofFailback(replica.recovery().name(), replica.production().name());
    narrator.line(
        "%-8s the witness read production's disk: the replica's last record, %d, is there (flushed before its power-off: %d, written: %d)%s"
            .formatted(
                VM,
                read.path("recordsOfReplica").asLong(),
                read.path("flushedBefore").asLong(),
                read.path("writtenBefore").asLong(),
                Witnesses.isOk(read) ? "" : "  NOT AS IT MUST BE: " + read.path("mistakes")));
    narrator.line(
        String.format(
            Locale.ROOT,
            "%-8s %,d bytes went home while the replica served, %,d while neither did, for %.1f s",
            VM,
            moved.bytesRoundOne(),
            moved.bytesRoundTwo(),
            moved.downtime().toMillis() / 1000.0));
    MemberResult committed = conduct("CommitFailback");
    return new Failback(
        VM,
        moved.bytesRoundOne(),
        moved.bytesRoundTwo(),
        moved.downtime().toMillis() / 1000.0,
        read.path("recordsLost").asLong(-1),
        isFailedOver
            && Witnesses.isOk(read)
            && read.path("recordsOfReplica").asLong() > 0
            && committed.outcome() == Outcome.DONE
            && committed.state() == ReplicaState.READY);
  }

  private MemberResult conduct(String type) {
    return operations.conduct(type, INPUT).members().getFirst();
  }
}
