package io.switchback.worker.model;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;
import static io.switchback.lifecycle.ReplicaState.FAILOVER;
import static io.switchback.lifecycle.ReplicaState.PERMANENT;
import static io.switchback.lifecycle.ReplicaState.READY;
import static io.switchback.lifecycle.ReplicaState.READY_TO_SWITCH;
import static java.util.Objects.requireNonNull;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.FailbackTo;
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
 * @param spare another VM at production's site, to which a failback may go, or from which it has
 *     come; null when there is none
 * @param replica null while there is none
 * @param points what the restore points hold, the newest first
 * @param goesBack the failback that is open; null when none is
 * @param shutDown whether a planned failover has shut production down, and nothing has started it
 * @param window at whose end the failover or the failback ends by itself; null when none is asked
 *     for
 * @param due what is due while it waits for its switch; null when it does not wait
 */
record Model(
    @Nullable ReplicaState state,
    Side production,
    @Nullable Side spare,
    @Nullable Side replica,
    List<Image> points,
    @Nullable GoesBack goesBack,
    boolean shutDown,
    @Nullable Window window,
    @Nullable Wait due) {
  /** How many points the policy keeps. */
  static final int KEPT = 3;

  Model {
    points = List.copyOf(points);
  }

  /**
   * One VM.
   *
   * @param vm its id at its site; empty where it is not known yet
   * @param image null where a transfer that came to nothing has left it half-way
   */
  record Side(String vm, @Nullable Image image, boolean isOn) {
    Image known() {
      return requireNonNull(image, "what it holds is known");
    }

    Side on(boolean powered) {
      return new Side(vm, image, powered);
    }

    Side holding(@Nullable Image other) {
      return new Side(vm, other, isOn);
    }
  }

  /**
   * A failback.
   *
   * @param before what its target was; null when the failback has made it
   */
  record GoesBack(FailbackTo to, @Nullable Side before) {}

  static Model unprotected(Side production) {
    return new Model(null, production, null, null, List.of(), null, false, null, null);
  }

  Side serving() {
    return requireNonNull(replica, "there is a replica");
  }

  /** What the failback that is open goes back to. */
  Side target() {
    return isElsewhere() ? requireNonNull(spare, "it goes back to another VM") : production;
  }

  private boolean isElsewhere() {
    return requireNonNull(goesBack, "a failback is open").to() != FailbackTo.PRODUCTION;
  }

  private Model target(Side now) {
    return isElsewhere() ? spare(now) : production(now);
  }

  /** The first copy has made {@code copies} points of production as it is. */
  Model firstCopied(String there, int copies) {
    List<Image> made = Collections.nCopies(copies, production.known());
    return in(READY, production, new Side(there, production.image(), false), made);
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
    Side copy = made > 0 ? serving().holding(production.image()).on(false) : serving();
    return in(READY, production, copy, all.subList(0, kept));
  }

  /** A cycle that came to nothing: no point, and the replica's disks may be half-way. */
  Model cycleFailed() {
    return replica(serving().holding(null).on(false));
  }

  Model failedOver(int point) {
    return in(FAILOVER, production, serves(points.get(point)), points).shutDown(shutDown);
  }

  private Side serves(Image held) {
    return serving().holding(held).on(true);
  }

  private Side rests(Image held) {
    return serving().holding(held).on(false);
  }

  /** The replica was started by hand, and is what serves from now on. */
  Model adopted() {
    return in(FAILOVER, production, serving().on(true), points);
  }

  /** Production's last bytes serve at the other site, and two points more are kept. */
  Model movedAsPlanned() {
    Image last = production.known();
    return in(FAILOVER, production.on(false), serves(last), newer(last, newer(last, points)))
        .shutDown(production.isOn());
  }

  /** A planned failover that was undone: its cycles stay as points. */
  Model cycledAndUndone(int cycles) {
    List<Image> kept = points;
    for (int cycle = 0; cycle < cycles; cycle++) {
      kept = newer(production.known(), kept);
    }
    return in(READY, production, rests(kept.getFirst()), kept).shutDown(shutDown);
  }

  Model failoverUndone() {
    return in(READY, shutDown ? production.on(true) : production, rests(points.getFirst()), points);
  }

  Model madePermanent() {
    return in(PERMANENT, production, replica, List.of());
  }

  /** The first synchronisation is done; the replica serves on. */
  Model synchronised(FailbackTo to, Wait until) {
    @Nullable Side before =
        switch (to) {
          case PRODUCTION -> production;
          case RESTORED -> requireNonNull(spare, "somebody has restored it");
          case NEW_LOCATION -> null;
        };
    Side holds = new Side(before == null ? "" : before.vm(), serving().image(), false);
    return in(READY_TO_SWITCH, production, replica, points)
        .goesBack(new GoesBack(to, before))
        .target(holds)
        .shutDown(shutDown)
        .waits(until);
  }

  /** The target holds what the replica holds now, once more. */
  Model synchronisedAgain() {
    return target(target().holding(serving().image()));
  }

  /** A synchronisation that came to nothing: the target's disks may be half-way. */
  Model halfSynchronised() {
    return target(target().holding(null));
  }

  /** Both rounds at once. */
  Model failedBack(FailbackTo to) {
    return synchronised(to, Wait.FOR_A_PERSON).switched();
  }

  /** What the replica held last is at its target, which serves; and it is the newest point. */
  Model switched() {
    Image last = serving().known();
    Side home = target().holding(last).on(true);
    return in(FAILBACK, home, rests(last), newer(last, points))
        .spare(isElsewhere() ? production : spare)
        .goesBack(goesBack)
        .shutDown(shutDown);
  }

  Model cancelled() {
    Side before = requireNonNull(goesBack).before();
    Model served = in(FAILOVER, production, replica, points).shutDown(shutDown);
    return isElsewhere() ? served.spare(before) : served.production(requireNonNull(before));
  }

  Model committed() {
    return in(READY, production, rests(points.getFirst()), points);
  }

  /**
   * The replica serves again.
   *
   * @param removed whether a VM that the failback has made is gone
   */
  Model failbackUndone(boolean removed) {
    GoesBack open = requireNonNull(goesBack);
    Model served =
        in(FAILOVER, production, serves(points.getFirst()), points.subList(1, points.size()))
            .shutDown(shutDown);
    if (!isElsewhere()) {
      return served.production(requireNonNull(open.before()));
    }
    boolean isKept = open.to() == FailbackTo.NEW_LOCATION && !removed;
    return served
        .production(requireNonNull(spare, "what was production is there"))
        .spare(isKept ? production.on(false) : open.before());
  }

  Model unprotected() {
    return unprotected(production).spare(spare);
  }

  /** In a state, with what of the window that is asked for or open still counts there. */
  private Model in(ReplicaState now, Side home, @Nullable Side copy, List<Image> kept) {
    return new Model(
        now, home, spare, copy, kept, null, false, window == null ? null : window.in(now), null);
  }

  private Model goesBack(@Nullable GoesBack now) {
    return new Model(state, production, spare, replica, points, now, shutDown, window, due);
  }

  Model shutDown(boolean was) {
    return new Model(state, production, spare, replica, points, goesBack, was, window, due);
  }

  Model production(Side now) {
    return new Model(state, now, spare, replica, points, goesBack, shutDown, window, due);
  }

  Model spare(@Nullable Side now) {
    return new Model(state, production, now, replica, points, goesBack, shutDown, window, due);
  }

  Model replica(Side now) {
    return new Model(state, production, spare, now, points, goesBack, shutDown, window, due);
  }

  Model window(@Nullable Window now) {
    return new Model(state, production, spare, replica, points, goesBack, shutDown, now, due);
  }

  Model waits(Wait now) {
    return new Model(state, production, spare, replica, points, goesBack, shutDown, window, now);
  }

  private static List<Image> newer(Image newest, List<Image> older) {
    List<Image> all = new ArrayList<>(List.of(newest));
    all.addAll(older);
    return all;
  }
}
