package io.switchback.port;

import io.switchback.lifecycle.Operation;
import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Check;
import io.switchback.model.CommitWindow;
import io.switchback.model.Fence;
import io.switchback.model.NetworkMapping;
import io.switchback.model.NetworkMode;
import io.switchback.model.Placement;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.Retention;
import io.switchback.model.Undoable;
import io.switchback.model.VmShape;
import io.switchback.port.ClaimActivities.ClaimReplica;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a {@link FakeRegistry}, which guards it, keeps of a replica. */
final class FakeReplica {
  Replica replica;
  final List<Check> checks;

  /** What each restore point's cycle has moved. */
  static final long POINT_BYTES = 1 << 20;

  final List<RestorePoint> points = new ArrayList<>();
  final List<RestorePoint> letGo = new ArrayList<>();
  final Map<Long, RestorePoint> completed = new LinkedHashMap<>();
  final Map<Long, String> abandoned = new LinkedHashMap<>();
  final Map<Long, List<RestorePoint>> expired = new LinkedHashMap<>();
  final Set<String> released = new HashSet<>();
  final Set<String> gone = new HashSet<>();
  final Set<String> used = new HashSet<>();
  Map<String, String> changeIds = Map.of();
  @Nullable VmShape shape;
  List<NetworkMapping> networks = List.of();
  Placement placement = Placement.ANYWHERE;
  Placement placed = Placement.ANYWHERE;
  String mark = "";
  NetworkMode networkMode = NetworkMode.TUNNEL;
  String group = "";
  ReplicaState state;
  @Nullable Claimed claim;
  @Nullable FakeFailback failback;
  @Nullable String hold;
  ClaimActivities.@Nullable ShutDownProduction shutDown;
  final Map<Undoable, CommitWindow> windows = new EnumMap<>(Undoable.class);
  long epoch;
  long cycle;
  CycleActivities.Question question = CycleActivities.Question.NONE;
  Retention retention = new Retention(7, null);
  Duration interval = FakeCycleActivities.INTERVAL;
  @Nullable Duration compareEvery;
  @Nullable Instant comparedAt;
  Duration rpoObjective = FakeCycleActivities.INTERVAL.multipliedBy(2);

  FakeReplica(Replica replica, ReplicaState state, List<Check> checks) {
    this.replica = replica;
    this.state = state;
    this.checks = checks;
  }

  /** Who holds the replica. */
  static final class Claimed {
    final ClaimReplica request;
    final Fence fence;
    final ReplicaState from;
    final Operation settles;
    long highestStep;

    Claimed(ClaimReplica request, Fence fence, ReplicaState from) {
      this(request, fence, from, request.operation());
    }

    Claimed(ClaimReplica request, Fence fence, ReplicaState from, Operation settles) {
      this.request = request;
      this.settles = settles;
      this.fence = fence;
      this.from = from;
      this.highestStep = fence.step();
    }

    Operation operation() {
      return request.operation();
    }
  }

  /** Whether somebody stands on the point, or will have to go back to it. */
  boolean uses(String pointId) {
    FakeFailback open = failback;
    return used.contains(pointId) || (open != null && open.protects(pointId));
  }

  @Nullable RestorePoint newest() {
    return points.isEmpty() ? null : points.getLast();
  }
}
