package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkMode;
import io.switchback.model.NetworkPair.Member;
import io.switchback.operation.NetworkExtension;
import io.switchback.operation.Procedure;
import io.switchback.port.ApplianceStartActivities;
import io.switchback.port.Done;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.SideState;
import io.switchback.port.NetworkPairActivities;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Networks that are extended, and who may start appliances for them, in PostgreSQL. */
public final class PostgresNetworkPairActivities
    implements NetworkPairActivities, ApplianceStartActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresNetworkPairActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresNetworkPairActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Joined joinNetworks(JoinNetworks request) {
    List<Integer> pairs = new ArrayList<>();
    AtomicReference<@Nullable SideState> instead = new AtomicReference<>();
    boolean changed =
        Claims.under(
            database,
            request.mandate(),
            request.replicaId(),
            (jdbc, replica, claim) -> {
              pairs.clear();
              String id = replica.id();
              NetworkMode mode = Procedure.of(claim.settles()).networks(FullSites.before(jdbc, id));
              instead.set(instead(jdbc, id, mode));
              refuse(jdbc, id, mode);
              FullSites.remember(jdbc, id, mode);
              int rows = NetworkPairs.leave(jdbc, id, EnumSet.complementOf(EnumSet.of(mode)));
              if (instead.get() != null) {
                return rows;
              }
              for (NetworkPairs.Wanted one : NetworkPairs.made(jdbc, id, mode)) {
                int pair = Objects.requireNonNull(one.number(), "was made");
                List<String> addresses = NetworkPairs.within(one.extent(), request.addresses());
                Member member =
                    new Member(
                        id,
                        "",
                        addresses,
                        claim.epoch(),
                        NetworkPairs.within(one.extent(), request.acknowledged()));
                rows += NetworkPairs.join(jdbc, pair, one.extent(), id, member);
                pairs.add(pair);
              }
              return rows;
            });
    return new Joined(pairs, changed, attempt.number(), instead.get());
  }

  private static @Nullable SideState instead(JdbcClient jdbc, String replicaId, NetworkMode mode) {
    String connected = SiteNetworkRows.instead(jdbc, replicaId);
    if (!connected.isEmpty()) {
      return new SideState(Condition.NOT_NEEDED, connected);
    }
    return mode == NetworkMode.FULL_SITE && !FullSites.isDescribed(jdbc, replicaId)
        ? new SideState(Condition.ABSENT, Joined.NO_GATEWAY)
        : null;
  }

  /** Who was let begin may meet what operators have said, and others have done, since. */
  private static void refuse(JdbcClient jdbc, String replicaId, NetworkMode mode) {
    Stream.concat(
            SiteNetworkRows.tooMany(jdbc, List.of(replicaId)).stream(),
            FullSites.conflicts(jdbc, mode, replicaId, List.of(replicaId)).stream())
        .findFirst()
        .ifPresent(
            why -> {
              throw new FaultException(
                  Fault.REFUSED, "Could not extend networks: %s. Or skip the step.".formatted(why));
            });
  }

  @Override
  public Joined leaveNetworks(LeaveNetworks request) {
    List<Integer> pairs = new ArrayList<>();
    boolean changed =
        Claims.under(
            database,
            request.mandate(),
            request.replicaId(),
            (jdbc, replica, claim) -> {
              pairs.clear();
              int left = NetworkPairs.leave(jdbc, replica.id(), EnumSet.allOf(NetworkMode.class));
              pairs.addAll(NetworkPairs.open(jdbc, replica.id()));
              return left;
            });
    return new Joined(pairs, changed, attempt.number());
  }

  @Override
  public NetworksView lookAtNetworks(LookAtNetworks request) {
    return database.inSnapshot(
        jdbc ->
            new NetworksView(
                NetworkPairs.of(jdbc, request.replicaId(), request.pairs()),
                NetworkPairs.open(jdbc, request.replicaId())));
  }

  @Override
  public Described describeNetworkPair(DescribeNetworkPair request) {
    return database.inSnapshot(
        jdbc -> new Described(NetworkPairs.find(jdbc, request.number()).orElse(null)));
  }

  @Override
  public Done recordNetworkPair(RecordNetworkPair request) {
    int changed = database.inTransaction(jdbc -> NetworkPairs.record(jdbc, request));
    return new Done(changed > 0, attempt.number());
  }

  @Override
  public Done closeNetworkPair(CloseNetworkPair request) {
    int changed =
        database.inTransaction(
            jdbc -> NetworkPairs.close(jdbc, request.number(), request.revision()));
    return new Done(changed > 0, attempt.number());
  }

  @Override
  public Mandated mandateStart(MandateStart request) {
    return database.inTransaction(
        jdbc ->
            new Mandated(
                NetworkPairs.isNeeded(jdbc, request.number(), request.revision())
                    ? new Mandate(
                        NetworkExtension.workflowId(request.number()),
                        "startAppliance",
                        new Fence(Controller.generation(jdbc), ReplicaRows.nextEpoch(jdbc), 0, 0))
                    : null));
  }
}
