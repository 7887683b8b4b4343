package io.switchback.operation;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.Failures;
import io.switchback.fault.FaultException;
import io.switchback.model.CommitWindow;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.port.WindowActivities.DescribeWindow;
import io.switchback.port.WindowActivities.EndWindow;
import io.switchback.port.WindowActivities.MoveWindow;
import io.switchback.port.WindowActivities.WindowView;
import io.temporal.common.VersioningBehavior;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The timer of one window. The registry is the truth: it is asked at every turn, and a turn takes
 * place when somebody wakes the timer, its end has come, or what it shows is no longer true.
 */
public final class WindowTimerWorkflow implements WindowTimer {
  private static final int TURNS_PER_RUN = 50;
  private static final String STEP = "window";
  private static final String WINDOW = "window";

  private final WindowTimerRequest request;
  private final Ports ports;
  private final WindowAct act;
  private final WindowProbes probes;
  private final LoopPager pager;
  private final Nap nap = new Nap();
  private String vm;
  private @Nullable CommitWindow known;
  private @Nullable TimedRun running;
  private @Nullable Instant stopped;
  private int tries;
  private boolean changing;
  private boolean wanted; //  again, whatever comes of the attempt that runs
  private boolean shown;

  @WorkflowInit
  public WindowTimerWorkflow(WindowTimerRequest request) {
    this.request = request;
    this.vm = request.vm();
    this.ports = new Ports(Pace.DEFAULT);
    this.act = new WindowAct(request, ports);
    this.probes = new WindowProbes(ports);
    this.pager = new LoopPager(ports, WINDOW, request.told());
    this.tries = request.tries();
    this.stopped = request.stopped();
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
  public void await(WindowTimerRequest asked) {
    Workflow.upsertTypedSearchAttributes(
        Attributes.OPERATION.valueSet(WINDOW), Attributes.VM.valueSet(vm));
    // A run that goes on in the next one must know no attempt: nobody would hear of its end.
    for (int turns = 0; turns < TURNS_PER_RUN || running != null; turns++) {
      Workflow.await(() -> !changing);
      nap.begin();
      if (!turn()) {
        pager.awaitCalls();
        Workflow.await(Workflow::isEveryHandlerFinished);
        return;
      }
    }
    pager.awaitCalls();
    Workflow.await(Workflow::isEveryHandlerFinished);
    Workflow.continueAsNew(
        new WindowTimerRequest(request.replicaId(), vm, tries, stopped, pager.told()));
  }

  /** Asks, and does what is due; answers whether there is anything left to wait for. */
  private boolean turn() {
    TimedRun attempt = running;
    // What the registry says counts for an attempt only when it is asked after its end.
    boolean isOver = attempt != null && attempt.isOver();
    WindowView view;
    try {
      view = ask();
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      show("asks the registry again in a minute: " + Failures.toFault(failure).sentence());
      nap.rest(Nap.AFTER_A_PROBLEM, "until the registry is asked again");
      return true;
    }
    if (isOutdated()) {
      return true;
    }
    known = view.window();
    if (known == null) {
      show("is over: nothing is left to wait for");
      return false;
    }
    Replica replica = requireNonNull(view.replica(), "has the window");
    // A failback may have given it the name of another VM.
    vm = replica.name();
    if (attempt == null) {
      goOn(replica, known);
    } else if (isOver) {
      running = null;
      judge(attempt.ending(), known);
    } else {
      Workflow.await(() -> attempt.isOver() || nap.isWoken());
    }
    return true;
  }

  private WindowView ask() {
    return ports
        .windows("When does the window of " + vm + " end?")
        .describeWindow(new DescribeWindow(request.replicaId()));
  }

  /** Whether somebody changes the window, or has done so since this turn began. */
  private boolean isOutdated() {
    return changing || nap.isWoken();
  }

  private void goOn(Replica replica, CommitWindow window) {
    Instant end = requireNonNull(window.endsAt());
    Instant now = RunClock.now();
    Duration left = Duration.between(now, end);
    if (end.equals(stopped)) {
      if (!shown) {
        show(
            Details.escaped(WindowDetails.stopped(vm, window, ""))
                + "\n\n"
                + WindowDetails.decisions(window));
      }
      // Whoever extends or cancels it, or wants the same once more, wakes the timer.
      Workflow.await(nap::isWoken);
    } else if (left.isPositive()) {
      tries = 0;
      pager.ended(vm, STEP);
      show(WindowDetails.waiting(vm, window, now));
      nap.rest(WindowDetails.holdsFor(left), "until the window of " + vm + " ends");
    } else {
      end(replica, window);
    }
  }

  /** The time is up. */
  private void end(Replica replica, CommitWindow window) {
    try {
      if (!window.terms().probes().isEmpty()) {
        show("has ended; its probes are asked whether " + WindowAct.words(window));
        WindowProbes.Answer answer = probes.ask(replica, window);
        if (isOutdated()) {
          return;
        }
        if (!answer.agree()) {
          putOff(window, answer.words());
          return;
        }
      }
      Map<String, Object> input = act.input(vm, window);
      if (isOutdated()) {
        return;
      }
      TimedRun begun = act.start(vm, window, input);
      show("has ended: %s now, by run `%s`".formatted(WindowAct.words(window), begun.workflowId()));
      running = begun;
      wanted = false;
    } catch (FaultException | ActivityFailure failure) {
      Cancellation.rethrow(failure);
      tryLater(window, Failures.toFault(failure).sentence());
    }
  }

  /** The probes are against the end. */
  private void putOff(CommitWindow window, String because) {
    if (window.isWornOut()) {
      stop(window, WindowDetails.wornOut(vm, window, because));
      return;
    }
    Instant to = RunClock.now().plus(window.terms().length());
    move(window, to, /* byProbes= */ true);
    String sentence = WindowDetails.putOff(vm, window, because, to);
    act.audit(window, "putOffWindow", "probes", sentence);
    pager.tell(vm, STEP, "put off/" + to, "PUT_OFF", sentence);
  }

  private void move(CommitWindow window, Instant to, boolean byProbes) {
    var _ =
        ports
            .windows("The window of " + vm + " ends at " + to)
            .moveWindow(
                new MoveWindow(
                    request.replicaId(),
                    window.id(),
                    window.of(),
                    requireNonNull(window.endsAt()),
                    to,
                    byProbes));
  }

  private void judge(TimedRun.Ending ending, CommitWindow window) {
    // Of an end that was moved meanwhile nothing is to be told, and who wakes the timer wants the
    // same once more.
    if (wanted || !ending.due().equals(window.endsAt())) {
      return;
    }
    if (ending.end() == TimedRun.End.REFUSED) {
      tryLater(window, ending.why());
    } else {
      stop(window, WindowDetails.stopped(vm, window, ": " + ending.why()));
    }
  }

  /** Whoever holds the replica only for a moment is not worth a call. */
  private void tryLater(CommitWindow window, String why) {
    Duration pause = Nap.pause(tries++);
    String sentence = WindowDetails.refused(vm, window, why);
    show(Details.escaped(sentence) + "\n\n" + WindowDetails.decisions(window));
    if (tries > 1) {
      pager.tellOnce(vm, STEP, "REFUSED", sentence);
    }
    nap.rest(pause, "until it is tried again");
  }

  private void stop(CommitWindow window, String sentence) {
    stopped = window.endsAt();
    show(Details.escaped(sentence) + "\n\n" + WindowDetails.decisions(window));
    pager.tellOnce(vm, STEP, "STOPPED", sentence);
  }

  private void show(String words) {
    shown = true;
    Workflow.setCurrentDetails(
        words.startsWith("**window of ") ? words : WindowDetails.of(vm, words));
  }

  @Override
  public void wake() {
    stopped = null;
    wanted = true;
    nap.wake();
  }

  @Override
  public void look() {
    nap.wake();
  }

  @Override
  public void validateExtend(@Nullable WindowChange change) {
    WindowChange asked = WindowChange.named(change);
    refuseWhatIsLate();
    if (known != null) {
      var _ = asked.end(known, RunClock.now());
    }
  }

  @Override
  public void validateCancelWindow(@Nullable WindowChange change) {
    var _ = WindowChange.named(change);
    refuseWhatIsLate();
  }

  private void refuseWhatIsLate() {
    if (running != null && !running.isOver()) {
      throw WindowChange.refused(
          "The window of '%s' has ended: run '%s' does what it was for. Abort that run while it can be."
              .formatted(vm, running.workflowId()));
    }
  }

  @Override
  public String extend(@Nullable WindowChange change) {
    WindowChange asked = WindowChange.named(change);
    return changed(
        () -> {
          CommitWindow window = open();
          Instant to = asked.end(window, RunClock.now());
          move(window, to, /* byProbes= */ false);
          String told =
              "The window of '%s' ends at %s; before it was %s.".formatted(vm, to, window.endsAt());
          act.audit(window, "extendWindow", asked.who(), told + asked.why());
          return told;
        });
  }

  @Override
  public String cancelWindow(@Nullable WindowChange change) {
    WindowChange asked = WindowChange.named(change);
    return changed(
        () -> {
          CommitWindow window = open();
          var _ =
              ports
                  .windows("The window of " + vm + " is cancelled")
                  .endWindow(new EndWindow(request.replicaId(), window.id(), window.of()));
          String told =
              "The window of '%s' that was to end at %s is cancelled: nothing is done by itself."
                  .formatted(vm, window.endsAt());
          act.audit(window, "cancelWindow", asked.who(), told + asked.why());
          return told;
        });
  }

  /** One change at a time, and none beside a turn that acts on what it changes. */
  private String changed(Supplier<String> change) {
    Workflow.await(() -> !changing);
    changing = true;
    try {
      refuseWhatIsLate();
      return change.get();
    } catch (ActivityFailure failure) {
      throw Failures.toFault(failure);
    } finally {
      changing = false;
      wake();
    }
  }

  private CommitWindow open() {
    CommitWindow window = ask().window();
    if (window == null) {
      throw WindowChange.refused("'%s' has no window that is open.".formatted(vm));
    }
    return window;
  }
}
