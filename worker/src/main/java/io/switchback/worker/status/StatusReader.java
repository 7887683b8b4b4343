package io.switchback.worker.status;

import io.switchback.fault.FaultException;
import io.switchback.model.CommitWindow;
import io.switchback.model.DatastoreOutlook;
import io.switchback.model.NetworkPair;
import io.switchback.model.VmSide;
import io.switchback.operation.NetworkExtension;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.registry.EstateView;
import io.switchback.registry.EstateView.ClaimView;
import io.switchback.registry.EstateView.DriftView;
import io.switchback.registry.EstateView.GroupView;
import io.switchback.registry.EstateView.IsolationView;
import io.switchback.registry.EstateView.NetworkView;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.registry.EstateView.WaitView;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.CommandWords;
import io.switchback.worker.run.TemporalConnection;
import io.switchback.worker.run.TemporalFailures;
import io.switchback.worker.run.Words;
import io.switchback.worker.status.EstateStatus.DriftStatus;
import io.switchback.worker.status.EstateStatus.GroupStatus;
import io.switchback.worker.status.EstateStatus.IsolatedStatus;
import io.switchback.worker.status.EstateStatus.NetworkStatus;
import io.switchback.worker.status.EstateStatus.ReplicationState;
import io.switchback.worker.status.EstateStatus.RoomStatus;
import io.switchback.worker.status.EstateStatus.ServiceStatus;
import io.switchback.worker.status.EstateStatus.SideStatus;
import io.switchback.worker.status.EstateStatus.SiteStatus;
import io.switchback.worker.status.EstateStatus.TransferStatus;
import io.switchback.worker.status.EstateStatus.VmStatus;
import io.switchback.worker.status.EstateStatus.WindowStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the estate from the registry and from Temporal. When one of them is away, the other's half
 * is there and the missing one is named.
 */
public final class StatusReader {
  private final Source<EstateView> registry;
  private final Source<TemporalConnection> temporal;
  private final Map<String, String> siteAddresses;
  private final CommandWords commands;
  private final InstantSource clock;

  /**
   * A half of the estate.
   *
   * @param known what is known of the service before it is asked; its problem is filled in here
   * @param read throws a {@link Refusal} or a fault when the service does not answer
   */
  public record Source<T>(ServiceStatus known, Supplier<T> read) {}

  /**
   * @param siteAddresses of lab sites, by name
   */
  public StatusReader(
      Source<EstateView> registry,
      Source<TemporalConnection> temporal,
      Map<String, String> siteAddresses,
      CommandWords commands,
      InstantSource clock) {
    this.registry = registry;
    this.temporal = temporal;
    this.siteAddresses = Map.copyOf(siteAddresses);
    this.commands = commands;
    this.clock = clock;
  }

  /** Reads both halves, or the one that answers. */
  public EstateStatus read() {
    List<String> missing = new ArrayList<>();
    Answer<EstateView> estate = ask(registry, Source::read, missing);
    Answer<TemporalView> runs =
        ask(
            temporal,
            source ->
                () ->
                    new TemporalReader(source.read().get(), commands)
                        .read(claims(estate), replicas(estate)),
            missing);
    EstateView view = estate.value();
    TemporalView going = runs.value();
    return new EstateStatus(
        view == null ? clock.instant() : view.at(),
        view == null
            ? List.of()
            : view.replicas().stream().map(vm -> vm(vm, going, view.at())).toList(),
        going == null ? List.of() : going.runs(),
        view == null ? List.of() : view.sites().stream().map(this::site).toList(),
        view == null ? List.of() : view.workers(),
        going == null ? List.of() : going.builds(),
        runs.service(),
        estate.service(),
        missing,
        view == null ? List.of() : view.drift().stream().map(StatusReader::drift).toList(),
        view == null ? List.of() : view.room().stream().map(StatusReader::room).toList(),
        view == null ? List.of() : view.groups().stream().map(StatusReader::group).toList(),
        view == null ? List.of() : view.networks().stream().map(StatusReader::network).toList());
  }

  private static DriftStatus drift(DriftView found) {
    return new DriftStatus(
        found.vm(),
        found.drift().kind().name(),
        found.drift().subject(),
        found.drift().sentence(),
        found.firstSeenAt(),
        found.lookedAt());
  }

  private static RoomStatus room(DatastoreOutlook outlook) {
    Duration fullIn = outlook.fullIn();
    return new RoomStatus(
        outlook.site(),
        outlook.datastore(),
        outlook.capacityBytes(),
        outlook.freeBytes(),
        fullIn == null ? null : fullIn.toSeconds());
  }

  private record Answer<T>(@Nullable T value, ServiceStatus service) {}

  private interface Asking<S, T> {
    Supplier<T> of(Source<S> source);
  }

  private static <S, T> Answer<T> ask(Source<S> source, Asking<S, T> asking, List<String> missing) {
    ServiceStatus known = source.known();
    try {
      return new Answer<>(asking.of(source).get(), known);
    } catch (RuntimeException away) {
      String problem = sentence(away);
      missing.add(problem);
      return new Answer<>(
          null, new ServiceStatus(known.kind(), known.address(), known.ui(), problem));
    }
  }

  /** Ours say what to do; those of Temporal's client are put into words. */
  private static String sentence(RuntimeException away) {
    String message = away.getMessage();
    boolean ours = away instanceof Refusal || away instanceof FaultException;
    return ours && message != null ? message : TemporalFailures.sentence(away) + ".";
  }

  private static List<ClaimView> claims(Answer<EstateView> estate) {
    EstateView view = estate.value();
    return view == null
        ? List.of()
        : view.replicas().stream().map(ReplicaView::claim).filter(Objects::nonNull).toList();
  }

  private static List<ReplicaView> replicas(Answer<EstateView> estate) {
    EstateView view = estate.value();
    return view == null ? List.of() : view.replicas();
  }

  private static List<TransferStatus> transfers(ReplicaView vm, @Nullable TemporalView going) {
    return going == null
        ? List.of()
        : going.transfers().getOrDefault(vm.replica().id(), List.of()).stream()
            .map(
                one ->
                    new TransferStatus(
                        one.disk(),
                        one.percent(),
                        one.bytesPerSecond(),
                        one.remainingSeconds(),
                        one.words()))
            .toList();
  }

  private @Nullable IsolatedStatus isolated(ReplicaView vm) {
    IsolationView isolation = vm.isolation();
    if (isolation == null) {
      return null;
    }
    String side = isolation.vm().startsWith(VmSide.PRODUCTION.word()) ? "production" : "recovery";
    String input = "{\"vms\":[\"%s\"],\"side\":\"%s\"}".formatted(vm.replica().name(), side);
    return new IsolatedStatus(
        isolation.vm(), isolation.since(), commands.command("start", "reconnect", input));
  }

  private @Nullable WindowStatus window(ReplicaView vm, Instant now) {
    CommitWindow window = vm.window();
    if (window == null || window.endsAt() == null) {
      return null;
    }
    Duration left = Duration.between(now, window.endsAt());
    return new WindowStatus(
        window.of(),
        window.terms().atEnd(),
        window.endsAt(),
        left.isNegative() ? 0 : left.toMillis() / 1000.0,
        window.by(),
        window.terms().probes().size(),
        window.extensions(),
        List.of(
            commands.command("window extend", vm.replica().name(), "2h"),
            commands.command("window cancel", vm.replica().name())));
  }

  private static String waits(ReplicaView vm, Instant now) {
    WaitView wait = vm.transferWait();
    return wait == null
        ? ""
        : "a place among the transfers to '%s' for %s: %s"
            .formatted(
                vm.replica().recovery().site(),
                Words.of(Duration.between(wait.since(), now)),
                wait.reason());
  }

  private VmStatus vm(ReplicaView vm, @Nullable TemporalView going, Instant now) {
    ClaimView claim = vm.claim();
    Duration age = vm.newestPointAge();
    String mark = vm.mark();
    return new VmStatus(
        vm.replica().name(),
        vm.replica().id(),
        vm.replica().production(),
        vm.replica().recovery(),
        vm.state(),
        claim == null
            ? null
            : Holders.of(
                vm.replica().name(),
                claim,
                going == null ? null : going.holders().get(claim.runId()),
                commands),
        replication(vm, going == null ? null : going.loops(), transfers(vm, going), now),
        vm.points().isEmpty() ? null : vm.points().getFirst(),
        age == null ? null : age.toMillis() / 1000.0,
        vm.points().size(),
        vm.policy().rpoObjective().toMillis() / 1000.0,
        isOver(vm),
        mark == null ? "" : mark,
        vm.group(),
        isolated(vm),
        OpenFailback.of(vm, now),
        window(vm, now));
  }

  /** While an operation holds replication, nothing is to get newer: that is no RPO missed. */
  private static boolean isOver(ReplicaView vm) {
    Duration age = vm.newestPointAge();
    return age != null && vm.hold() == null && age.compareTo(vm.policy().rpoObjective()) > 0;
  }

  private static NetworkStatus network(NetworkView network) {
    NetworkPair pair = network.pair();
    return new NetworkStatus(
        pair.productionNetwork(),
        pair.productionSite(),
        pair.recoveryNetwork(),
        pair.recoverySite(),
        pair.vms(),
        side(network.recovery()),
        side(network.production()),
        network.owners().stream().map(AddressOwner::address).distinct().toList(),
        NetworkExtension.workflowId(pair.number()));
  }

  private static SideStatus side(@Nullable SideState side) {
    return side == null
        ? new SideStatus("", "")
        : new SideStatus(side.condition().name(), side.detail());
  }

  private static GroupStatus group(GroupView group) {
    String problem = group.problem();
    return new GroupStatus(
        group.name(),
        group.vms(),
        group.points().isEmpty() ? "" : group.points().getFirst(),
        group.points().size(),
        problem == null ? "" : problem);
  }

  private static ReplicationState replication(
      ReplicaView vm, @Nullable Set<String> loops, List<TransferStatus> transfers, Instant now) {
    String problem = vm.lastProblem();
    String hold = vm.hold();
    return new ReplicationState(
        loops == null
            ? null
            : loops.contains(io.switchback.operation.Replication.workflowId(vm.replica().id())),
        hold == null ? "" : hold,
        problem == null ? "" : problem,
        vm.cycle(),
        vm.policy().interval().toSeconds(),
        waits(vm, now),
        transfers);
  }

  private SiteStatus site(EstateView.SiteView site) {
    return new SiteStatus(
        site.name(),
        siteAddresses.get(site.name()),
        site.starting(),
        site.startingAtMost(),
        site.transferring(),
        site.transferringAtMost());
  }
}
