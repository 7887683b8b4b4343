package io.switchback.port;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.CommitWindow;
import io.switchback.model.Undoable;
import org.jspecify.annotations.Nullable;

/** What a {@link FakeRegistry} keeps of windows. */
class FakeWindowActivities implements WindowActivities {
  final FakeRegistry registry;
  private final FakeClaimActivities claims;

  FakeWindowActivities(FakeRegistry registry) {
    this.registry = registry;
    this.claims = new FakeClaimActivities(registry);
  }

  @Override
  public Done planWindow(PlanWindow request) {
    return claims.change(
        "planWindow",
        "planWindow",
        request.replicaId(),
        request.mandate(),
        replica -> plan(replica, request.window()));
  }

  boolean plan(FakeReplica replica, CommitWindow window) {
    CommitWindow known = replica.windows.get(window.of());
    if (known != null && known.id().equals(window.id())) {
      return false;
    }
    replica.windows.put(window.of(), window);
    return true;
  }

  @Override
  public Opened openWindow(OpenWindow request) {
    CommitWindow[] opened = new CommitWindow[1];
    Done done =
        claims.change(
            "openWindow",
            "openWindow",
            request.replicaId(),
            request.mandate(),
            replica -> {
              boolean changes = open(replica, request);
              opened[0] = replica.windows.get(request.of());
              return changes;
            });
    return new Opened(opened[0], done.changed(), done.attempt());
  }

  boolean open(FakeReplica replica, OpenWindow request) {
    CommitWindow known = replica.windows.get(request.of());
    if (known == null || known.isOpen()) {
      return false;
    }
    replica.windows.put(request.of(), known.until(request.now().plus(known.terms().length()), 0));
    return true;
  }

  @Override
  public WindowView describeWindow(DescribeWindow request) {
    return registry.answering(
        "describeWindow",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.replica(request.replicaId());
          CommitWindow open = replica == null ? null : seen(replica);
          return open == null
              ? new WindowView(null, null)
              : new WindowView(requireNonNull(replica).replica, open);
        });
  }

  @Nullable CommitWindow seen(FakeReplica replica) {
    return replica.windows.values().stream()
        .filter(window -> window.isOpen() && window.of().name().equals(replica.state.name()))
        .findFirst()
        .orElse(null);
  }

  @Override
  public Done moveWindow(MoveWindow request) {
    return registry.answering(
        "moveWindow",
        request.replicaId(),
        () -> {
          boolean changes = move(registry.protectedReplica(request.replicaId()), request);
          return new Done(changes, Attempts.current());
        });
  }

  boolean move(FakeReplica replica, MoveWindow request) {
    CommitWindow known = known(replica, request.windowId(), request.of());
    if (known != null && request.to().equals(known.endsAt())) {
      return false;
    }
    if (known == null || !request.seen().equals(known.endsAt())) {
      throw new FaultException(
          Fault.REFUSED,
          "Could not move the window of '%s': it is not there any more as it was seen."
              .formatted(replica.replica.name()));
    }
    int extensions = request.byProbes() ? known.extensions() + 1 : 0;
    replica.windows.put(request.of(), known.until(request.to(), extensions));
    return true;
  }

  @Override
  public Done endWindow(EndWindow request) {
    return registry.answering(
        "endWindow",
        request.replicaId(),
        () -> {
          FakeReplica replica = registry.replica(request.replicaId());
          return new Done(replica != null && end(replica, request), Attempts.current());
        });
  }

  boolean end(FakeReplica replica, EndWindow request) {
    return known(replica, request.windowId(), request.of()) != null
        && replica.windows.remove(request.of()) != null;
  }

  static @Nullable CommitWindow known(FakeReplica replica, String id, Undoable of) {
    CommitWindow known = replica.windows.get(of);
    return known != null && known.id().equals(id) ? known : null;
  }
}
