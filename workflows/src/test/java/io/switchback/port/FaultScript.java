package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a test wants to go wrong in a fake: the next calls of a step fail before their effect, or
 * their answer is lost after it, or something else happens at that moment.
 */
public final class FaultScript {
  /** Any VM, disk or replica. */
  public static final String ANY = "*";

  private final Fault lost;
  private final List<Line> lines = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();

  /** A script whose lost answers look like {@code lost} to the caller. */
  FaultScript(Fault lost) {
    this.lost = lost;
  }

  /** A call that the fake got. */
  public record Call(String step, String target, int attempt) {}

  private enum Moment {
    BEFORE,
    AFTER
  }

  private static final class Line {
    final String step;
    final String target;
    final Moment moment;
    final Runnable happening;
    int times;
    int skipped;

    Line(String step, String target, Moment moment, int times, Runnable happening) {
      this.step = step;
      this.target = target;
      this.moment = moment;
      this.times = times;
      this.happening = happening;
    }
  }

  /**
   * The next {@code times} calls of {@code step} (the port's method name) on {@code target} fail
   * and have no effect.
   */
  public synchronized FaultScript fail(String step, String target, Fault fault, int times) {
    return add(
        step,
        target,
        Moment.BEFORE,
        times,
        () -> {
          throw new FaultException(
              fault, "Could not do '" + step + "' on '" + target + "': the test says so.");
        });
  }

  /** The next {@code times} calls have their effect, and their answer never arrives. */
  public synchronized FaultScript loseAnswer(String step, String target, int times) {
    return add(
        step,
        target,
        Moment.AFTER,
        times,
        () -> {
          throw new FaultException(
              lost, "The answer of '" + step + "' on '" + target + "' was lost on its way.");
        });
  }

  /** Runs {@code happening} before the next call has its effect. */
  public synchronized FaultScript before(String step, String target, Runnable happening) {
    return add(step, target, Moment.BEFORE, 1, happening);
  }

  /** Runs {@code happening} after the next call has had its effect, before it is answered. */
  public synchronized FaultScript after(String step, String target, Runnable happening) {
    return add(step, target, Moment.AFTER, 1, happening);
  }

  /** Runs {@code happening} after the call that comes {@code later} calls after the next one. */
  public synchronized FaultScript afterLater(
      String step, String target, int later, Runnable happening) {
    after(step, target, happening);
    lines.getLast().skipped = later;
    return this;
  }

  /** Forgets what has not happened yet. */
  public synchronized void forget() {
    lines.clear();
  }

  /** Every call so far. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** How often {@code step} was called on {@code target}, whatever came of it. */
  public synchronized long calls(String step, String target) {
    return calls.stream()
        .filter(call -> call.step().equals(step) && matches(target, call.target()))
        .count();
  }

  /** Runs a step of a fake as the script wants it. */
  <T> T run(String step, String target, Supplier<T> act) {
    synchronized (this) {
      calls.add(new Call(step, target, Attempts.current()));
    }
    happen(step, target, Moment.BEFORE);
    T answer = act.get();
    happen(step, target, Moment.AFTER);
    return answer;
  }

  // Not under the lock: what happens may itself wait for another call of the same fake.
  private void happen(String step, String target, Moment moment) {
    for (Line line = take(step, target, moment); line != null; line = take(step, target, moment)) {
      line.happening.run();
    }
  }

  private synchronized @Nullable Line take(String step, String target, Moment moment) {
    for (Line line : lines) {
      if (line.moment == moment
          && line.times > 0
          && line.step.equals(step)
          && matches(line.target, target)) {
        if (line.skipped > 0) {
          line.skipped--;
          continue;
        }
        line.times--;
        return line;
      }
    }
    return null;
  }

  private FaultScript add(
      String step, String target, Moment moment, int times, Runnable happening) {
    lines.add(new Line(step, target, moment, times, happening));
    return this;
  }

  private static boolean matches(String wanted, String target) {
    return wanted.equals(ANY) || wanted.equals(target);
  }
}
