package io.switchback.worker.model;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.ReplicaState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a VM and its replica are, by the law alone: the states, the bytes, and what is to happen by
 * itself. It is written from what each operation means, not from the product's table of the
 * lifecycle, so that the two are held against each other.
 *
 * @param state null while the VM is not protected
 * @param replica null while there is none
 * @param points what the restore points hold, the newest first
 * @param before what production was before the failback that is open; null when none is
 * @param shutDown whether a planned failover has shut production down, and nothing has started it
 * @param window at whose end the failover or the failback ends by itself; null when none is asked
 *     for
 * @param due what is due while it waits for its switch; null when it does not wait
 */
record Model(
    @Nullable ReplicaState state,
    Side production,
    @Nullable Side replica,
    List<Image> points,
    @Nullable Side before,
    boolean shutDown,
    @Nullable Window window,
    @Nullable Wait due) {
  /** How many points the policy keeps. */
  static final int KEPT = 3;

  Model {
    points = List.copyOf(points);
  }

  /**
   * One VM of the two.
   *
   * @param image null where a transfer that came to nothing has left it half-way
   */
  record Side(@Nullable Image image, boolean isOn) {
    Image known() {
      return requireNonNull(image, "what it holds is known");
    }

    Side on(boolean powered) {
      return new Side(image, powered);
    }
  }

  static Model unprotected(Side production) {
    return new Model(null, production, null, List.of(), null, false, null, null);
  }

  Side serving() {
    return requireNonNull(replica, "there is a replica");
  }

  /** The first copy has made {@code copies} points of production as it is. */
  Model firstCopied(int copies) {
    List<Image> made = Collections.nCopies(copies, production.known());
    return in(READY, production, new Side(production.image(), false), made);
  }

  /**
   * So many more points, of production as it is; of the {@code older} ones the oldest may have
   * gone, but not so that fewer are left than the policy keeps.
   *
   * @param left how many points there are then
   */
  Model cycled(int made, List<Image> older, int left) {
    List<Image> all = older;
    for (int point = 0; point < made; point++) {
      all = newer(production.known(), all);
    }
    int kept = Math.clamp(left, Math.min(KEPT, all.size()), all.size());
    Side copy = made > 0 ? new Side(production.image(), false) : replica;
    return in(READY, production, copy, all.subList(0, kept));
  }

  /** A cycle that came to nothing: no point, and the replica's disks may be half-way. */
  Model cycleFailed() {
    return replica(new Side(null, false));
  }

  Model failedOver(int point) {
    return in(FAILOVER, production, new Side(points.get(point), true), points).shutDown(shutDown);
  }

  /** The replica was started by hand, and is what serves from now on. */
  Model adopted() {
    return in(FAILOVER, production, serving().on(true), points);
  }

  /** Production's last bytes serve at the other site, and two points more are kept. */
  Model movedAsPlanned() {
    Image last = production.known();
    return in(
            FAILOVER, production.on(false), new Side(last, true), newer(last, newer(last, points)))
        .shutDown(production.isOn());
  }

  /** A planned failover that was undone: its cycles stay as points. */
  Model cycledAndUndone(int cycles) {
    List<Image> kept = points;
    for (int cycle = 0; cycle < cycles; cycle++) {
      kept = newer(production.known(), kept);
    }
    return in(READY, production, new Side(kept.getFirst(), false), kept).shutDown(shutDown);
  }

  Model failoverUndone() {
    return in(
        READY,
        shutDown ? production.on(true) : production,
        new Side(points.getFirst(), false),
        points);
  }

  Model madePermanent() {
    return in(PERMANENT, production, replica, List.of());
  }

  /** The first synchronisation is done; the replica serves on. */
  Model synchronised(Wait until) {
    Model waiting =
        in(READY_TO_SWITCH, new Side(serving().image(), false), replica, points)
            .before(production)
            .shutDown(shutDown);
    return waiting.waits(until);
  }

  /** Production holds what the replica holds now, once more. */
  Model synchronisedAgain() {
    return production(new Side(serving().image(), false));
  }

  /** A synchronisation that came to nothing: production's disks may be half-way. */
  Model halfSynchronised() {
    return production(new Side(null, false));
  }

  /** What the replica held last is at production, which serves; and it is the newest point. */
  Model switched() {
    Image last = serving().known();
    return in(FAILBACK, new Side(last, true), new Side(last, false), newer(last, points))
        .before(before == null ? production : before)
        .shutDown(shutDown);
  }

  Model cancelled() {
    return in(FAILOVER, requireNonNull(before), replica, points).shutDown(shutDown);
  }

  Model committed() {
    return in(READY, production, new Side(points.getFirst(), false), points);
  }

  Model failbackUndone() {
    Side serves = new Side(points.getFirst(), true);
    return in(FAILOVER, requireNonNull(before), serves, points.subList(1, points.size()))
        .shutDown(shutDown);
  }

  Model unprotected() {
    return unprotected(production);
  }

  /** In a state, with what of the window that is asked for or open still counts there. */
  private Model in(ReplicaState now, Side home, @Nullable Side copy, List<Image> kept) {
    return new Model(
        now, home, copy, kept, null, false, window == null ? null : window.in(now), null);
  }

  private Model before(Side was) {
    return new Model(state, production, replica, points, was, shutDown, window, due);
  }

  Model shutDown(boolean was) {
    return new Model(state, production, replica, points, before, was, window, due);
  }

  Model production(Side now) {
    return new Model(state, now, replica, points, before, shutDown, window, due);
  }

  Model replica(Side now) {
    return new Model(state, production, now, points, before, shutDown, window, due);
  }

  Model window(@Nullable Window now) {
    return new Model(state, production, replica, points, before, shutDown, now, due);
  }

  Model waits(Wait now) {
    return new Model(state, production, replica, points, before, shutDown, window, now);
  }

  private static List<Image> newer(Image newest, List<Image> older) {
    List<Image> all = new ArrayList<>(List.of(newest));
    all.addAll(older);
    return all;
  }
}
