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
import io.switchback.worker.demo.DemoReport.Network;
import io.switchback.worker.local.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One VM's whole way: production is switched off, its replica serves and writes, then its data go
 * home, and a separate reader looks whether the last of them arrived.
 */
final class WayHome {
  static final String VM = "web-02";
  private static final int ANSWER_SECONDS = 30;
  private static final String INPUT =
      Payloads.mapper().writeValueAsString(Map.of("vms", List.of(VM), "by", "demo"));

  private final LabClient production;
  private final Witnesses witnesses;
  private final Operations operations;
  private final Narrator narrator;
  private final Optional<DemoNetwork> network;

  WayHome(
      LabClient production,
      Witnesses witnesses,
      Operations operations,
      Narrator narrator,
      Optional<DemoNetwork> network) {
    this.production = production;
    this.witnesses = witnesses;
    this.operations = operations;
    this.narrator = narrator;
    this.network = network;
  }

  /**
   * The whole way.
   *
   * @param seen from production's network; null without the network lab
   */
  record Walked(Failback failback, @Nullable Network seen) {}

  Walked walk(Replica replica) {
    narrator.chapter("HOME  " + VM + " at berlin goes dark; its replica serves, then goes home");
    int ttlBefore = network.map(lab -> showTtl(lab, "before")).orElse(0);
    production.powerOff(replica.production().id(), null);
    double secondsToFirstAnswer;
    boolean isFailedOver;
    try (FirstAnswer answer = network.map(DemoNetwork::awaitAnswer).orElse(null)) {
      isFailedOver = conduct("PartialFailover").verified();
      secondsToFirstAnswer = answer == null ? 0 : answer.seconds(ANSWER_SECONDS);
    }
    double loss = network.map(lab -> showLoss(lab, secondsToFirstAnswer)).orElse(0.0);
    int ttlDuring = network.map(DemoNetwork::ttl).orElse(0);
    Failback failback = goHome(replica, isFailedOver);
    return new Walked(
        failback,
        network
            .map(
                lab ->
                    new Network(
                        ttlBefore,
                        ttlDuring,
                        showTtl(lab, "at home"),
                        loss,
                        secondsToFirstAnswer,
                        showLeftovers(lab)))
            .orElse(null));
  }

  private int showTtl(DemoNetwork lab, String when) {
    int ttl = lab.ttl();
    narrator.line(
        "%-8s %s: production's network finds it at %s, %s"
            .formatted(
                VM,
                when,
                lab.address(),
                ttl == 0 ? "NOWHERE: nobody answers" : "TTL " + ttl + ": production itself"));
    return ttl;
  }

  private double showLoss(DemoNetwork lab, double secondsToFirstAnswer) {
    double loss = lab.lossPercent();
    narrator.line(
        String.format(
            Locale.ROOT,
            "%-8s its replica answers at the same address, TTL %d: two hops, through the tunnel; first %.1f s after the failover began; %.0f %% of 100 pings lost",
            VM,
            lab.ttl(),
            secondsToFirstAnswer,
            loss));
    return loss;
  }

  private List<String> showLeftovers(DemoNetwork lab) {
    List<String> left = lab.leftovers();
    narrator.line(
        "%-8s %s"
            .formatted(
                VM,
                left.isEmpty()
                    ? "nothing of the tunnel is left in either appliance"
                    : "LEFT in the appliances: " + String.join("; ", left)));
    return left;
  }

  private Failback goHome(Replica replica, boolean isFailedOver) {
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
