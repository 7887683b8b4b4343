package io.switchback.worker.crash;

import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Workers that are lost in one run of an operation, one after the other. The next trap is set while
 * the answer in the one before is still kept back: nothing slips through between them.
 */
final class Losses {
  enum Mode {
    KILLED,
    STOPPED;

    static Mode inTurn(int index) {
      return index % 2 == 0 ? KILLED : STOPPED;
    }
  }

  /** How a worker is lost at a point. */
  record Loss(CrashPoint point, Mode mode) {
    @Override
    public String toString() {
      return point + " " + mode;
    }
  }

  private final CrashEstate estate;
  private final List<Loss> losses;
  private final UnaryOperator<Trap> own;
  private @Nullable Caught caught;

  private Losses(CrashEstate estate, List<Loss> losses, UnaryOperator<Trap> own) {
    this.estate = estate;
    this.losses = losses;
    this.own = own;
  }

  /** Sets the first trap, before the run begins. */
  static Losses set(CrashEstate estate, List<Loss> losses, UnaryOperator<Trap> own) {
    Losses set = new Losses(estate, losses, own);
    set.next(0);
    return set;
  }

  private void next(int index) {
    caught = index < losses.size() ? Caught.set(estate, first(losses.get(index))) : null;
  }

  private Trap first(Loss loss) {
    return loss.point().trap() instanceof Trap.LabAfter after
        ? after.first()
        : own.apply(loss.point().trap());
  }

  /**
   * Loses them all.
   *
   * @param runs workflow ids by which the activities may be pending
   */
  void await(List<String> runs) throws Exception {
    for (int i = 0; i < losses.size(); i++) {
      Loss loss = losses.get(i);
      Caught now = awaitCatch(loss);
      WorkerProcess worker = now.worker(loss.point().activity(), runs);
      if (loss.mode() == Mode.KILLED) {
        worker.kill();
        next(i + 1);
        now.forget();
        worker.start();
      } else {
        worker.stop();
        try {
          next(i + 1);
          now.releaseAnswer();
          now.awaitTakeOver(loss.point().activity(), runs, worker);
        } finally {
          now.release();
          worker.goOn();
        }
      }
    }
  }

  private Caught awaitCatch(Loss loss) throws InterruptedException {
    Caught now = caught;
    if (now == null) {
      throw new IllegalStateException("no trap is set for " + loss);
    }
    now.await();
    if (loss.point().trap() instanceof Trap.LabAfter after) {
      Caught second = Caught.set(estate, after.then());
      now.release();
      now = second;
      now.await();
    }
    return now;
  }
}
