package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.fault.Remedy;
import io.switchback.model.CheckOverride;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is around the steps of an operation over one replica: each gets its fence, is audited, and
 * parks the run for a person when it fails for good; what was done can be undone in reverse order.
 */
final class Steps {
  private static final String CANCELLED = "cancelled in Temporal";
  private static final String NOBODY = "nobody";

  private final String vm;
  private final String operationId;
  private final Audit audit;
  private final StepLog log;
  private final Pager pager;
  private final BooleanSupplier cancelled;
  private final Deque<Undo> undos = new ArrayDeque<>();
  private final Agreements agreements;
  private final List<SkippedStep> skipped = new ArrayList<>();
  private final @Nullable StepKind lastReturn;

  private Fence fence = new Fence(1, 0, 0, 0);
  private boolean pastReturn;
  private boolean undoing;
  private boolean unattended;
  private @Nullable Parked parked;
  private @Nullable Answer answer;

  Steps(
      Procedure procedure,
      Errand errand,
      Audit audit,
      StepLog log,
      Pager pager,
      BooleanSupplier cancelled) {
    this.lastReturn = procedure.pointOfNoReturn();
    this.vm = errand.vm();
    this.operationId = errand.operationId();
    this.audit = audit;
    this.log = log;
    this.pager = pager;
    this.cancelled = cancelled;
    this.agreements = new Agreements(errand.overrides());
  }

  /**
   * Runs a step until it succeeds or somebody aborts; what it answers is told in a few words by
   * {@code told}. An act may also find a fault by itself, and throw it.
   */
  <T> T step(StepKind kind, Function<Mandate, T> act, Function<T, Told> told) {
    if (kind.isSkippable()) {
      throw new IllegalArgumentException(kind + " says nothing of what it answers when skipped");
    }
    return step(kind, act, told, null, true);
  }

  /**
   * The same for a step that a person may leave out; {@code instead} then answers in its place, so
   * that what depends on it copes.
   */
  <T> T step(
      StepKind kind,
      Function<Mandate, T> act,
      Function<T, Told> told,
      Function<SkippedStep, T> instead) {
    return step(kind, act, told, kind.isSkippable() ? instead : null, true);
  }

  private <T> T step(
      StepKind kind,
      Function<Mandate, T> act,
      Function<T, Told> told,
      @Nullable Function<SkippedStep, T> instead,
      boolean abortable) {
    String name = kind.id();
    if (kind == lastReturn) {
      pointOfNoReturn();
    }
    while (true) {
      if (canAbort(abortable) && cancelled.getAsBoolean()) {
        throw new Aborted(CANCELLED);
      }
      fence = fence.atStep(fence.step() + 1);
      log.begin(name);
      try {
        T result = act.apply(new Mandate(operationId, name, fence));
        Told words = told.apply(result);
        log.done(undoing, words.detail());
        audit.record(name, fence.step(), words.attempt(), outcome(words), words.detail());
        return result;
      } catch (ActivityFailure | FaultException failure) {
        FaultException fault = Failures.toFault(failure);
        // Only a claim can be refused: later than that nothing may end the run but done or undone.
        boolean refused =
            !abortable && (fault.fault() == Fault.REFUSED || fault.fault() == Fault.FENCE_AHEAD);
        audit.record(
            name, fence.step(), fault.attempt(), refused ? "REFUSED" : "FAILED", fault.sentence());
        if (refused) {
          log.failed(fault.sentence());
          throw fault;
        }
        Answer given = park(name, fault, allowed(fault, instead != null, abortable));
        if (instead != null && Answer.SKIP.equals(given.answer())) {
          return instead.apply(skip(kind, given, fault));
        }
      }
    }
  }

  /**
   * Claims the replica: a step that cannot be aborted, because whether it was done is not known
   * while it fails.
   */
  <T> T claim(
      StepKind kind, Function<Mandate, T> act, Function<T, Fence> yields, Function<T, Told> told) {
    T claim = step(kind, act, told, null, false);
    Fence claimed = yields.apply(claim);
    // The steps before the claim have used up numbers of this run; the claim's own steps go on from
    // there.
    fence = claimed.atStep(Math.max(claimed.step(), fence.step()));
    return claim;
  }

  /** First {@code given}, then mandates of its step that outrank all that were given out. */
  Supplier<Mandate> mandates(Mandate given) {
    Deque<Mandate> first = new ArrayDeque<>(List.of(given));
    return () -> {
      Mandate unused = first.poll();
      if (unused != null) {
        return unused;
      }
      fence = fence.atStep(fence.step() + 1);
      return new Mandate(operationId, given.step(), fence);
    };
  }

  /** Shows how far the step that runs is. */
  void at(String detail) {
    log.progressed(detail);
  }

  /** Waits for what may take long while nothing is changed; who wants to abort need not wait. */
  <T> T await(Supplier<Promise<T>> begin) {
    List<Promise<T>> begun = new ArrayList<>(1);
    CancellationScope scope = Workflow.newCancellationScope(() -> begun.add(begin.get()));
    scope.run();
    Promise<T> awaited = begun.getFirst();
    Workflow.await(() -> awaited.isCompleted() || (canAbort(true) && cancelled.getAsBoolean()));
    if (!awaited.isCompleted()) {
      scope.cancel();
      // What is undone next must not overtake an attempt that is still on its way.
      awaited.handle((done, stopped) -> stopped).get();
      throw new Aborted(CANCELLED);
    }
    return awaited.get();
  }

  /** Registers, before the act, what puts it back. */
  void undo(Runnable undo) {
    undos.push(new Undo(undo));
  }

  /** Steps that a person left out. */
  List<SkippedStep> skipped() {
    return List.copyOf(skipped);
  }

  /**
   * From now on a step that fails for good ends the run, with all undone that was done, where
   * others park: nobody waits for it, and it must not keep the replica from anybody. What cannot be
   * undone is left out; what is neither is tried again every minute.
   */
  void giveUpInsteadOfParking() {
    unattended = true;
  }

  /** From here there is no way back: the registered undos no longer make sense. */
  void pointOfNoReturn() {
    if (!undoing) {
      pastReturn = true;
      undos.clear();
    }
  }

  /**
   * Goes on when {@code finding} finds nothing, or a person has said that it may; else parks for
   * that word, and asks again.
   */
  void check(String check, Supplier<Optional<String>> finding) {
    boolean passed;
    do {
      passed = passes(check, finding, () -> {});
    } while (!passed);
  }

  /**
   * Whether {@code finding} finds nothing, or what a person has said that it may; else parks for
   * that word once, and what holds then is to be asked again. It may be asked in the middle of a
   * step: that goes on with it.
   *
   * @param beforeParking gives back what nobody may keep while he waits
   */
  boolean passes(String check, Supplier<Optional<String>> finding, Runnable beforeParking) {
    Optional<String> found = finding.get();
    if (found.isEmpty()) {
      return true;
    }
    Optional<CheckOverride> word = agreements.on(check, found.get());
    if (word.isPresent()) {
      if (agreements.isFirstUse(check, found.get())) {
        log.note("overridden by " + word.get().by());
        audit.overridden(check, fence.step(), word.get(), found.get());
      }
      return true;
    }
    beforeParking.run();
    // A number of its own, by which whoever is called tells it from what was parked before.
    fence = fence.atStep(fence.step() + 1);
    Answer given =
        park(
            check,
            new FaultException(Fault.CHECK_FAILED, found.get()),
            List.of(
                Answer.ACKNOWLEDGE,
                Answer.RETRY,
                canAbort(true) ? Answer.ABORT : Answer.RECONCILE));
    log.goOn();
    if (Answer.ACKNOWLEDGE.equals(given.answer())) {
      agreements.agree(
          found.get(), new CheckOverride(check, given(given.by()), given(given.reason())));
    }
    return false;
  }

  /** Undoes what was done, the last first. */
  void undoAll() {
    undoing = true;
    while (!undos.isEmpty()) {
      undos.pop().act().run();
    }
  }

  /** Every override that was used or given. */
  List<CheckOverride> overrides() {
    return agreements.all();
  }

  @Nullable Parked parked() {
    return parked;
  }

  /** Refuses an answer that does not fit what the run waits for. */
  void validate(@Nullable Answer given) {
    if (given == null) {
      throw new FaultException(Fault.REFUSED, "An answer is a record like {\"answer\":\"retry\"}.");
    }
    if (parked == null || answer != null) {
      throw new FaultException(
          Fault.REFUSED, "'" + vm + "' is not parked: there is nothing to answer now.");
    }
    if (!given.isFor(vm)) {
      throw new FaultException(
          Fault.REFUSED, "This run is about '" + vm + "', not about '" + given.vm() + "'.");
    }
    parked.validate(given);
  }

  /** Takes an answer that fits; one that came twice, or too late, changes nothing. */
  void take(Answer given) {
    try {
      validate(given);
      answer = given;
    } catch (FaultException tooLate) {
      Workflow.getLogger(Steps.class).info("answer ignored, {}", tooLate.sentence());
    }
  }

  /**
   * What may be answered to a failed step. After a STOP fault nobody goes on: data may be wrong.
   * Where there is no abort any more, reconcile is the way out that always remains.
   */
  private List<String> allowed(FaultException fault, boolean skippable, boolean abortable) {
    boolean mayGoOn = fault.fault().remedy() != Remedy.STOP;
    List<String> allowed = new ArrayList<>();
    if (mayGoOn) {
      allowed.add(Answer.RETRY);
    }
    if (mayGoOn && skippable) {
      allowed.add(Answer.SKIP);
    }
    if (canAbort(abortable)) {
      allowed.add(Answer.ABORT);
    }
    if (!mayGoOn || !canAbort(abortable)) {
      allowed.add(Answer.RECONCILE);
    }
    return allowed;
  }

  private SkippedStep skip(StepKind kind, Answer word, FaultException fault) {
    SkippedStep step =
        new SkippedStep(kind.id(), given(word.by()), given(word.reason()), kind.ifSkipped());
    skipped.add(step);
    audit.skipped(step, fence.step(), fault.sentence());
    return step;
  }

  private boolean canAbort(boolean abortable) {
    return abortable && !undoing && !pastReturn;
  }

  private Answer park(String step, FaultException fault, List<String> allowed) {
    if (unattended) {
      if (allowed.contains(Answer.ABORT)) {
        throw new Aborted("given up at step '%s': %s".formatted(step, fault.sentence()));
      }
      if (allowed.contains(Answer.SKIP)) {
        return new Answer(vm, step, Answer.SKIP, NOBODY, "nobody waits for the run");
      }
      if (allowed.contains(Answer.RETRY)) {
        Workflow.sleep(Nap.AFTER_A_PROBLEM);
        return new Answer(vm, step, Answer.RETRY, NOBODY, "nobody waits for the run");
      }
    }
    Parked waiting = new Parked(vm, step, fault.fault(), fault.sentence(), allowed);
    parked = waiting;
    answer = null;
    log.parked(waiting);
    audit.record(step, fence.step(), 0, "PARKED", fault.sentence());
    pager.parked(waiting, operationId + "/" + fence.step());
    Workflow.await(
        () -> answer != null || (allowed.contains(Answer.ABORT) && cancelled.getAsBoolean()));
    Answer given =
        answer != null ? answer : new Answer(vm, step, Answer.ABORT, "Temporal", CANCELLED);
    parked = null;
    answer = null;
    log.answered(given);
    audit.answered(step, fence.step(), given);
    pager.resumed(step);
    if (Answer.ABORT.equals(given.answer())) {
      throw new Aborted("aborted at step '" + step + "' by " + given(given.by()));
    }
    if (Answer.RECONCILE.equals(given.answer())) {
      throw new LeftForReconcile(
          "left as it is at step '%s' by %s: %s. Reconcile it."
              .formatted(step, given(given.by()), fault.sentence()));
    }
    return given;
  }

  private String outcome(Told words) {
    return undoing ? "UNDONE" : words.changed() ? "DONE" : "ALREADY_SO";
  }

  private static String given(@Nullable String value) {
    return value == null || value.isBlank() ? "not named" : value;
  }

  /** What a step's answer means for the audit and for people. */
  record Told(boolean changed, int attempt, String detail) {}

  private record Undo(Runnable act) {}
}
