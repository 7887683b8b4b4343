package io.switchback.worker.model;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.ReplicaState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a VM and its replica are, by the law alone: the states and the bytes. It is written from
 * what each operation means, not from the product's table of the lifecycle, so that the two are
 * held against each other.
 *
 * @param state null while the VM is not protected
 * @param replica null while there is none
 * @param points what the restore points hold, the newest first
 * @param before what production was before the failback that is open; null when none is
 * @param shutDown whether a planned failover has shut production down, and nothing has started it
 */
record Model(
    @Nullable ReplicaState state,
    Side production,
    @Nullable Side replica,
    List<Image> points,
    @Nullable Side before,
    boolean shutDown) {
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
    return new Model(null, production, null, List.of(), null, false);
  }

  Side serving() {
    return requireNonNull(replica, "there is a replica");
  }

  /** The first copy has made {@code copies} points of production as it is. */
  Model firstCopied(int copies) {
    List<Image> made = java.util.Collections.nCopies(copies, production.known());
    return new Model(READY, production, new Side(production.image(), false), made, null, false);
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
    return new Model(READY, production, copy, all.subList(0, kept), null, false);
  }

  /** A cycle that came to nothing: no point, and the replica's disks may be half-way. */
  Model cycleFailed() {
    return new Model(state, production, new Side(null, false), points, before, shutDown);
  }

  Model failedOver(int point) {
    return new Model(
        FAILOVER, production, new Side(points.get(point), true), points, null, shutDown);
  }

  /** Production's last bytes serve at the other site, and two points more are kept. */
  Model movedAsPlanned() {
    Image last = production.known();
    return new Model(
        FAILOVER,
        production.on(false),
        new Side(last, true),
        newer(last, newer(last, points)),
        null,
        production.isOn());
  }

  /** A planned failover that was undone: its cycles stay as points. */
  Model cycledAndUndone(int cycles) {
    List<Image> kept = points;
    for (int cycle = 0; cycle < cycles; cycle++) {
      kept = newer(production.known(), kept);
    }
    return new Model(READY, production, new Side(kept.getFirst(), false), kept, null, shutDown);
  }

  Model failoverUndone() {
    return new Model(
        READY,
        shutDown ? production.on(true) : production,
        new Side(points.getFirst(), false),
        points,
        null,
        false);
  }

  Model madePermanent() {
    return new Model(PERMANENT, production, replica, List.of(), null, shutDown);
  }

  /** The first synchronisation is done; the replica serves on. */
  Model synchronised() {
    return new Model(
        READY_TO_SWITCH, new Side(serving().image(), false), replica, points, production, shutDown);
  }

  /** What the replica held last is at production, which serves; and it is the newest point. */
  Model switched() {
    Image last = serving().known();
    return new Model(
        FAILBACK,
        new Side(last, true),
        new Side(last, false),
        newer(last, points),
        before == null ? production : before,
        shutDown);
  }

  Model cancelled() {
    return new Model(FAILOVER, requireNonNull(before), replica, points, null, shutDown);
  }

  Model committed() {
    return new Model(READY, production, new Side(points.getFirst(), false), points, null, false);
  }

  Model failbackUndone() {
    return new Model(
        FAILOVER,
        requireNonNull(before),
        new Side(points.getFirst(), true),
        points.subList(1, points.size()),
        null,
        shutDown);
  }

  Model unprotected() {
    return unprotected(production);
  }

  Model production(Side now) {
    return new Model(state, now, replica, points, before, shutDown);
  }

  Model replica(Side now) {
    return new Model(state, production, now, points, before, shutDown);
  }

  private static List<Image> newer(Image newest, List<Image> older) {
    List<Image> all = new ArrayList<>(List.of(newest));
    all.addAll(older);
    return all;
  }
}
