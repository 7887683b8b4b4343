package io.switchback.worker.model;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.Undoable;
import io.switchback.model.WindowEnd;
import org.jspecify.annotations.Nullable;

/**
 * A window at whose end a failover or a failback ends by itself.
 *
 * @param isOpen whether it counts; otherwise it waits for what it is of
 * @param isStopped whether what was begun at its end came to nothing by a person's word, so that
 *     nothing more happens by itself
 */
record Window(Undoable of, WindowEnd atEnd, boolean isOpen, boolean isStopped) {
  Window(Undoable of, WindowEnd atEnd) {
    this(of, atEnd, false, false);
  }

  /** What is left of it once the replica is in a state; null when nothing is. */
  @Nullable Window in(ReplicaState state) {
    if (of.name().equals(state.name())) {
      return new Window(of, atEnd, true, isStopped);
    }
    boolean waitsForItsSwitch =
        !isOpen && of == Undoable.FAILBACK && state == ReplicaState.READY_TO_SWITCH;
    return waitsForItsSwitch ? this : null;
  }

  Window stopped(boolean now) {
    return new Window(of, atEnd, isOpen, now);
  }

  /** The row that the registry has of it. */
  String row() {
    return "%s %s %s".formatted(of, atEnd, isOpen ? "open" : "waits");
  }

  /** What is done at its end. */
  Deed end() {
    return switch (of) {
      case FAILOVER -> atEnd == WindowEnd.COMMIT ? Deed.makePermanent() : Deed.undoFailover();
      case FAILBACK -> atEnd == WindowEnd.COMMIT ? Deed.commit() : Deed.undoFailback();
    };
  }

  /** As an input asks for it. */
  String field() {
    return ",\"window\":{\"length\":\"PT4H\",\"atEnd\":\"%s\"}".formatted(atEnd.word());
  }
}
