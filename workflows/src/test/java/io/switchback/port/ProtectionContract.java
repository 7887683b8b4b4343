package io.switchback.port;

import static io.switchback.lifecycle.Operation.UNPROTECT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.SEEDING;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lifecycle.Operation;
import io.switchback.model.DiskPair;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.CatalogueActivities.AuditEntry;
import io.switchback.port.CatalogueActivities.RecordAudit;
import io.switchback.port.ClaimActivities.Claim;
import io.switchback.port.CycleActivities.BeginCycle;
import io.switchback.port.CycleActivities.CompleteCycle;
import io.switchback.port.CycleActivities.CyclePlan;
import io.switchback.port.CycleActivities.CycleStart;
import io.switchback.port.ProtectionActivities.EndProtection;
import io.switchback.port.ProtectionActivities.EndReservation;
import io.switchback.port.ProtectionActivities.EraseReplica;
import io.switchback.port.ProtectionActivities.ReconfigureReplica;
import io.switchback.port.ProtectionActivities.Reservation;
import io.switchback.port.ProtectionActivities.WriteReplica;
import io.switchback.port.ProtectionPlanActivities.Protection;
import io.switchback.port.ProtectionPlanActivities.Standing;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link ProtectionActivities} promises. */
public abstract class ProtectionContract extends ProtectingContract {
  @Test
  void reservesTheVmUnderAFenceThatOutranksEveryEarlierOne() {
    Replica gone = registry.protect("app-01", READY);
    Claim seen = claim(gone, THEIRS, UNPROTECT);
    registry.unprotect(gone);

    Reservation held = reserve(OURS, WEB, standing(WEB).replicaId());

    assertThat(held.fence()).isGreaterThan(seen.fence().atStep(1_000));
    assertThat(held.known()).isNull();
    assertThat(standing(WEB).reserved()).isTrue();
  }

  @Test
  void answersTheSameReservationWhenTheFirstAnswerWasLost() {
    String id = standing(WEB).replicaId();
    Reservation first = reserve(OURS, WEB, id);

    Reservation second = protection.attempt(2).reserveReplica(request(OURS, WEB, id));

    assertThat(second).isEqualTo(new Reservation(first.fence(), null, 2));
  }

  @Test
  void takesAReservationOverAndFencesOffWhoeverHadIt() {
    String id = standing(WEB).replicaId();
    Reservation before = reserve(OURS, WEB, id);

    Reservation after = reserve(THEIRS, WEB, id);

    assertThat(after.fence()).isGreaterThan(before.fence().atStep(1_000));
    assertFault(Fault.FENCED, () -> write(OURS, before, WEB, id));
    assertThat(write(THEIRS, after, WEB, id).id()).isEqualTo(id);
  }

  @Test
  void answersTheReplicaThatIsWrittenAlready() {
    Replica replica = protect(WEB, GOLD);

    assertThat(reserve(OURS, WEB, replica.id()).known()).isEqualTo(replica);
  }

  @Test
  void reservesNoReplicasOwnVm() {
    Replica replica = protect(WEB, GOLD);

    FaultException refused =
        assertFault(Fault.REFUSED, () -> reserve(OURS, replica.recovery(), "web-01_replica.9"));

    assertThat(refused.sentence()).contains("replica of 'web-01'");
  }

  @Test
  void reservesNoVmThatIsProtectedUnderAnotherId() {
    Replica replica = protect(WEB, GOLD);

    FaultException refused = assertFault(Fault.REFUSED, () -> reserve(OURS, WEB, "web-01.999"));

    assertThat(refused.sentence()).contains(replica.id());
  }

  @Test
  void ofTwoRunsThatProtectAVmAtOnceOneHasItAndTheOtherSaysWho() throws Exception {
    String mine = standing(WEB).replicaId();
    String yours = standing(WEB).replicaId();
    try (PortCaller<ProtectionActivities> other =
        new PortCaller<>(ProtectionActivities.class, registry.protecting().protection())) {

      List<Object> outcomes =
          atOnce(
              () -> reserve(OURS, WEB, mine),
              () -> other.call().reserveReplica(request(THEIRS, WEB, yours)));

      assertThat(outcomes).filteredOn(Reservation.class::isInstance).hasSize(1);
      boolean weHaveIt = outcomes.getFirst() instanceof Reservation;
      assertThat((FaultException) outcomes.get(weHaveIt ? 1 : 0))
          .satisfies(refused -> assertThat(refused.fault()).isEqualTo(Fault.REFUSED))
          .extracting(FaultException::sentence)
          .asString()
          .contains("run 'protect/" + (weHaveIt ? OURS : THEIRS) + "'", "dana");
      assertThat(standing(WEB).replicaId()).isEqualTo(weHaveIt ? mine : yours);
    }
  }

  @Test
  void writesTheReplicaUnderItsPolicy() {
    String id = standing(WEB).replicaId();
    WriteReplica request = written(OURS, reserve(OURS, WEB, id), WEB, id, GOLD);

    Replica replica = protection.call().writeReplica(request);

    assertThat(replica)
        .isEqualTo(
            new Replica(id, "web-01", WEB, request.recovery(), request.disks(), List.of("dr-lan")));
    assertThat(standing(WEB).protectedBy()).isEqualTo(new Protection(replica, SEEDING, GOLD, LAN));
    assertThat(begin(replica).interval()).isEqualTo(GOLD.interval());
  }

  @Test
  void writesTheReplicaOnceWhenTheFirstAnswerWasLost() {
    String id = standing(WEB).replicaId();
    WriteReplica request = written(OURS, reserve(OURS, WEB, id), WEB, id, GOLD);
    Replica first = protection.call().writeReplica(request);

    assertThat(protection.attempt(2).writeReplica(request)).isEqualTo(first);
  }

  @Test
  void writesNothingInAStepThatComesTooLate() {
    String id = standing(WEB).replicaId();
    Reservation held = reserve(OURS, WEB, id);
    protection.call().eraseReplica(new EraseReplica(mandate(OURS, held.fence(), 5), id));

    assertFault(Fault.FENCED, () -> write(OURS, held, WEB, id));

    assertThat(standing(WEB).protectedBy()).isNull();
  }

  @Test
  void writesNothingWithoutAReservation() {
    String id = standing(WEB).replicaId();
    Reservation held = reserve(OURS, WEB, id);
    protection.call().endReservation(new EndReservation(mandate(OURS, held.fence(), 1), id));

    assertFault(Fault.FENCED, () -> write(OURS, held, WEB, id));
  }

  @Test
  void writesNoVmAndNoDiskOfAnotherReplica() {
    Replica other = protect(DB, GOLD);
    String id = standing(WEB).replicaId();
    WriteReplica request = written(OURS, reserve(OURS, WEB, id), WEB, id, GOLD);

    assertFault(
        Fault.INVALID_INPUT,
        () -> protection.call().writeReplica(placed(request, other.recovery(), request.disks())));
    assertFault(
        Fault.INVALID_INPUT,
        () ->
            protection
                .call()
                .writeReplica(
                    placed(
                        request,
                        request.recovery(),
                        List.of(
                            new DiskPair(
                                "disk-of-web",
                                other.disks().getFirst().recoveryDisk(),
                                1 << 20)))));
    assertThat(standing(WEB).protectedBy()).isNull();
  }

  @Test
  void writesNoPolicyOverAnotherOfTheNameThatVmsRelyOn() {
    protect(DB, GOLD);
    Policy other = Policy.every("gold", Duration.ofHours(1));
    String id = standing(WEB).replicaId();
    WriteReplica request = written(OURS, reserve(OURS, WEB, id), WEB, id, other);

    assertFault(Fault.INVALID_INPUT, () -> protection.call().writeReplica(request));

    assertThat(policy(DB)).isEqualTo(GOLD);
    assertThat(standing(WEB).protectedBy()).isNull();
  }

  @Test
  void takesBackWhatItWroteOnce() {
    String id = standing(WEB).replicaId();
    Reservation held = reserve(OURS, WEB, id);
    write(OURS, held, WEB, id);
    EraseReplica request = new EraseReplica(mandate(OURS, held.fence(), 3), id);

    assertThat(protection.call().eraseReplica(request)).isEqualTo(new Done(true, 1));
    assertThat(protection.attempt(2).eraseReplica(request)).isEqualTo(new Done(false, 2));

    assertThat(standing(WEB).protectedBy()).isNull();
    assertThat(standing(WEB).excluded()).isEmpty();
  }

  @Test
  void takesBackNoReplicaThatReplicates() {
    String id = standing(WEB).replicaId();
    Reservation held = reserve(OURS, WEB, id);
    Replica replica = write(OURS, held, WEB, id);
    begin(replica);

    assertFault(
        Fault.REFUSED,
        () -> protection.call().eraseReplica(new EraseReplica(mandate(OURS, held.fence(), 3), id)));

    assertThat(standing(WEB).protectedBy()).isNotNull();
  }

  @Test
  void takesBackNothingOfAnotherOperation() {
    String id = standing(WEB).replicaId();
    Reservation held = reserve(OURS, WEB, id);
    write(OURS, held, WEB, id);
    Reservation later = reserve(THEIRS, WEB, id);

    assertFault(
        Fault.FENCED,
        () -> protection.call().eraseReplica(new EraseReplica(mandate(OURS, held.fence(), 3), id)));
    assertFault(
        Fault.FENCED,
        () ->
            protection
                .call()
                .endReservation(new EndReservation(mandate(OURS, held.fence(), 4), id)));

    assertThat(later.known()).isNotNull();
    assertThat(standing(WEB).reserved()).isTrue();
  }

  @Test
  void endsTheReservationOnce() {
    String id = standing(WEB).replicaId();
    Reservation held = reserve(OURS, WEB, id);
    EndReservation request = new EndReservation(mandate(OURS, held.fence(), 1), id);

    assertThat(protection.call().endReservation(request)).isEqualTo(new Done(true, 1));
    assertThat(protection.attempt(2).endReservation(request)).isEqualTo(new Done(false, 2));

    assertThat(standing(WEB).reserved()).isFalse();
  }

  @Test
  void letsRulesHaveAVmAgainThatSomebodyProtects() {
    registry.protecting().exclude(WEB, "it serves elsewhere");

    protect(WEB, GOLD);

    assertThat(standing(WEB).excluded()).isEmpty();
  }

  @Test
  void letsRulesNotHaveAVmWhoseProtectionWasTakenBack() {
    registry.protecting().exclude(WEB, "it serves elsewhere");
    String id = standing(WEB).replicaId();
    Reservation held = reserve(OURS, WEB, id);
    write(OURS, held, WEB, id);
    protection.call().eraseReplica(new EraseReplica(mandate(OURS, held.fence(), 3), id));

    protection.call().endReservation(new EndReservation(mandate(OURS, held.fence(), 4), id));

    assertThat(standing(WEB).excluded()).contains("it serves elsewhere");
  }

  @Test
  void reconfiguresFromTheNextCycleOn() {
    Replica replica = protect(WEB, GOLD);
    CyclePlan running = begin(replica).plan();
    Policy fast = Policy.every("fast", Duration.ofMinutes(1));
    List<NetworkMapping> networks = List.of(new NetworkMapping("lan", "dmz", ""));

    Placement elsewhere = new Placement("host-2", "", "");

    assertThat(reconfigure(replica, null, fast, networks, elsewhere)).isEqualTo(new Done(true, 1));

    assertThat(standing(WEB).protectedBy())
        .isEqualTo(new Protection(standingReplica(), SEEDING, fast, networks));
    assertThat(complete(running).expired()).isEmpty();
    assertThat(registry.restorePoints(replica)).hasSize(1);
    CycleStart next = begin(replica);
    assertThat(next.interval()).isEqualTo(fast.interval());
    assertThat(next.plan()).isNotNull();
    assertThat(next.plan().move()).isEqualTo(elsewhere);
  }

  @Test
  void leavesWhatIsNotNamedAsItIs() {
    Replica replica = protect(WEB, GOLD);

    reconfigure(replica, null, null, null, new Placement("host-2", "", ""));

    assertThat(standing(WEB).protectedBy()).isEqualTo(new Protection(replica, SEEDING, GOLD, LAN));
  }

  @Test
  void changesNothingWhenItIsSoAlready() {
    Replica replica = protect(WEB, GOLD);
    Placement placement = new Placement("host-2", "store-2", "dr");
    reconfigure(replica, "gold", null, null, placement);

    ReconfigureReplica request = new ReconfigureReplica(replica.id(), null, GOLD, LAN, placement);
    assertThat(protection.attempt(2).reconfigureReplica(request)).isEqualTo(new Done(false, 2));
  }

  @Test
  void movesAReplicaToAPolicyThatIsKnown() {
    Replica replica = protect(WEB, GOLD);
    Policy silver = Policy.every("silver", Duration.ofHours(1));
    protect(DB, silver);

    assertThat(reconfigure(replica, "silver", null, null, null).changed()).isTrue();

    assertThat(policy(WEB)).isEqualTo(silver);
  }

  @Test
  void reconfiguresToNoPolicyThatIsUnknownOrThatOthersRelyOnOtherwise() {
    Replica replica = protect(WEB, GOLD);
    protect(DB, Policy.every("silver", Duration.ofHours(1)));

    assertFault(Fault.INVALID_INPUT, () -> reconfigure(replica, "bronze", null, null, null));
    assertFault(
        Fault.INVALID_INPUT,
        () ->
            reconfigure(replica, null, Policy.every("silver", Duration.ofMinutes(1)), null, null));

    assertThat(policy(WEB)).isEqualTo(GOLD);
  }

  @Test
  void reconfiguresNothingThatAnOperationHolds() {
    Replica replica = protect(WEB, GOLD);
    claim(replica, OURS, UNPROTECT);

    assertFault(
        Fault.REFUSED,
        () -> reconfigure(replica, null, null, null, new Placement("host-2", "", "")));
  }

  @Test
  void reconfiguresNothingThatIsNotProtected() {
    Replica replica = protect(WEB, GOLD);
    registry.unprotect(replica);

    assertFault(Fault.REFUSED, () -> reconfigure(replica, "gold", null, null, null));
  }

  @Test
  void endsTheProtectionOnceAndKeepsTheAudit() {
    Replica replica = protect(WEB, GOLD);
    EndProtection request = new EndProtection(claimed(replica, OURS), replica.id());
    audit(replica);

    assertThat(protection.call().endProtection(request)).isEqualTo(new Done(true, 1));
    assertThat(protection.attempt(2).endProtection(request)).isEqualTo(new Done(false, 2));

    Standing after = standing(WEB);
    assertThat(after.protectedBy()).isNull();
    assertThat(after.replicaId()).isNotEqualTo(replica.id());
    assertThat(registry.audit(OURS)).hasSize(1);
  }

  @Test
  void letsNoRuleHaveAVmWhoseProtectionHasEnded() {
    Replica replica = protect(WEB, GOLD);

    protection.call().endProtection(new EndProtection(claimed(replica, OURS), replica.id()));

    assertThat(standing(WEB).excluded()).isNotEmpty();
  }

  @Test
  void endsNoProtectionWithoutItsClaim() {
    Replica replica = protect(WEB, GOLD);
    Mandate earlier = claimed(replica, OURS);
    release(replica, earlier);
    claim(replica, THEIRS, UNPROTECT);

    assertFault(
        Fault.FENCED,
        () -> protection.call().endProtection(new EndProtection(earlier, replica.id())));

    assertThat(standing(WEB).protectedBy()).isNotNull();
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    Replica replica = protect(WEB, GOLD);
    Reservation held = reserve(OURS, DB, "db-01.77");
    Mandate mandate = mandate(OURS, held.fence(), 2);
    registry.breakRegistry();

    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> reserve(OURS, DB, "db-01.77"));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> write(OURS, held, DB, "db-01.77"));
    assertFault(
        Fault.REGISTRY_UNAVAILABLE,
        () -> protection.call().eraseReplica(new EraseReplica(mandate, "db-01.77")));
    assertFault(
        Fault.REGISTRY_UNAVAILABLE,
        () -> protection.call().endReservation(new EndReservation(mandate, "db-01.77")));
    assertFault(Fault.REGISTRY_UNAVAILABLE, () -> reconfigure(replica, "gold", null, null, null));
    assertFault(
        Fault.REGISTRY_UNAVAILABLE,
        () -> protection.call().endProtection(new EndProtection(mandate, replica.id())));
  }

  private Replica write(String operationId, Reservation held, VmRef vm, String replicaId) {
    return protection.call().writeReplica(written(operationId, held, vm, replicaId, GOLD));
  }

  private static WriteReplica placed(WriteReplica request, VmRef recovery, List<DiskPair> disks) {
    return new WriteReplica(
        request.mandate(),
        request.replicaId(),
        request.production(),
        recovery,
        disks,
        request.networks(),
        request.policy(),
        request.placement(),
        request.seeded());
  }

  private Done reconfigure(
      Replica replica,
      @Nullable String policyName,
      @Nullable Policy policy,
      @Nullable List<NetworkMapping> networks,
      @Nullable Placement placement) {
    return protection
        .call()
        .reconfigureReplica(
            new ReconfigureReplica(replica.id(), policyName, policy, networks, placement));
  }

  private Policy policy(VmRef vm) {
    return protectedBy(vm).policy();
  }

  private Replica standingReplica() {
    return protectedBy(WEB).replica();
  }

  private Protection protectedBy(VmRef vm) {
    Protection known = standing(vm).protectedBy();
    assertThat(known).isNotNull();
    return known;
  }

  private Mandate claimed(Replica replica, String operationId) {
    return mandate(operationId, claim(replica, operationId, UNPROTECT).fence(), 1);
  }

  private CycleStart begin(Replica replica) {
    return onCycles(cycles -> cycles.beginCycle(new BeginCycle(replica.id())));
  }

  private CycleActivities.CycleEnd complete(@Nullable CyclePlan running) {
    assertThat(running).isNotNull();
    return onCycles(
        cycles ->
            cycles.completeCycle(
                new CompleteCycle(
                    running.replica().id(),
                    running.number(),
                    running.fence(),
                    point("rp-1", Duration.ZERO),
                    Map.of(),
                    4096,
                    Duration.ofSeconds(2))));
  }

  private <T> T onCycles(java.util.function.Function<CycleActivities, T> call) {
    try (PortCaller<CycleActivities> cycles =
        new PortCaller<>(CycleActivities.class, registry.cycles())) {
      return call.apply(cycles.call());
    }
  }

  private void audit(Replica replica) {
    try (PortCaller<CatalogueActivities> catalogue =
        new PortCaller<>(CatalogueActivities.class, registry.catalogue())) {
      catalogue
          .call()
          .recordAudit(
              new RecordAudit(
                  List.of(
                      new AuditEntry(
                          OURS,
                          Operation.UNPROTECT,
                          replica.id(),
                          "end protection",
                          5,
                          1,
                          "DONE",
                          "dana",
                          "",
                          NOON))));
    }
  }
}
