package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.CommitWindow;
import io.switchback.model.Mandate;
import io.switchback.port.Done;
import io.switchback.port.WindowActivities;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Windows in PostgreSQL. */
public final class PostgresWindowActivities implements WindowActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresWindowActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresWindowActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Done planWindow(PlanWindow request) {
    return underClaim(
        request.mandate(),
        request.replicaId(),
        (jdbc, replica, claim) -> Windows.plan(jdbc, replica.id(), request.window()));
  }

  @Override
  public Opened openWindow(OpenWindow request) {
    @Nullable CommitWindow[] opened = new @Nullable CommitWindow[1];
    Done done =
        underClaim(
            request.mandate(),
            request.replicaId(),
            (jdbc, replica, claim) -> {
              int changed = Windows.open(jdbc, replica.id(), request.of(), request.now());
              opened[0] = Windows.of(jdbc, replica.id(), request.of()).orElse(null);
              return changed;
            });
    return new Opened(opened[0], done.changed(), done.attempt());
  }

  @Override
  public WindowView describeWindow(DescribeWindow request) {
    return database.inSnapshot(
        jdbc ->
            Windows.counting(jdbc, request.replicaId())
                .map(window -> new WindowView(Replicas.read(jdbc, request.replicaId()), window))
                .orElse(new WindowView(null, null)));
  }

  @Override
  public Done moveWindow(MoveWindow request) {
    return database.inTransaction(
        jdbc -> {
          // Whoever opens, moves or ends a window of the replica at this moment queues here.
          Replicas.Row replica = Replicas.lockProtected(jdbc, request.replicaId());
          Optional<CommitWindow> known =
              Windows.of(jdbc, replica.id(), request.of())
                  .filter(window -> window.id().equals(request.windowId()));
          if (known.map(CommitWindow::endsAt).filter(request.to()::equals).isPresent()) {
            return new Done(false, attempt.number());
          }
          CommitWindow seen =
              known
                  .filter(window -> request.seen().equals(window.endsAt()))
                  .orElseThrow(() -> refused(request));
          int moved = Windows.move(jdbc, replica.id(), seen, request.to(), request.byProbes());
          return new Done(moved > 0, attempt.number());
        });
  }

  private static FaultException refused(MoveWindow request) {
    return new FaultException(
        Fault.REFUSED,
        "Could not move the window of replica '%s' to %s: it does not end at %s any more. Look when it does."
            .formatted(request.replicaId(), request.to(), request.seen()));
  }

  @Override
  public Done endWindow(EndWindow request) {
    return database.inTransaction(
        jdbc -> {
          Replicas.lock(jdbc, request.replicaId());
          return new Done(
              Windows.end(jdbc, request.replicaId(), request.windowId(), request.of()) > 0,
              attempt.number());
        });
  }

  private Done underClaim(Mandate mandate, String replicaId, Claims.Change change) {
    return new Done(Claims.under(database, mandate, replicaId, change), attempt.number());
  }
}
