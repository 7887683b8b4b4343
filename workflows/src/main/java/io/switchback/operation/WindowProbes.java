package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.CommitWindow;
import io.switchback.model.Replica;
import io.switchback.model.Undoable;
import io.switchback.model.VmRef;
import io.switchback.model.WindowEnd;
import io.switchback.port.GuestActivities.AwaitGuest;
import io.switchback.port.GuestActivities.GuestReadiness;
import io.switchback.port.VerifyActivities.CheckResult;
import io.switchback.port.VerifyActivities.Verification;
import io.switchback.port.VerifyActivities.VerifyGuest;
import io.temporal.failure.ActivityFailure;
import java.time.Duration;

/** Asks the VM that serves whether it does. */
final class WindowProbes {
  /** It serves for a while already, so that its tools answer at once, or do not at all. */
  private static final Duration GUEST_LIMIT = Duration.ofMinutes(1);

  private final Ports ports;

  WindowProbes(Ports ports) {
    this.ports = ports;
  }

  /**
   * What the probes say.
   *
   * @param agree whether they are for the end: a commit of what serves, an undo of what does not
   * @param words in a sentence
   */
  record Answer(boolean agree, String words) {}

  /**
   * Asks, which may take as long as the probes may try.
   *
   * @throws ActivityFailure when the site cannot be asked
   */
  Answer ask(Replica replica, CommitWindow window) {
    VmRef vm = window.of() == Undoable.FAILOVER ? replica.recovery() : replica.production();
    boolean commits = window.terms().atEnd() == WindowEnd.COMMIT;
    GuestReadiness guest;
    try {
      guest =
          ports
              .guests(vm.site(), "Does the guest of " + vm.name() + " answer?", GUEST_LIMIT)
              .awaitGuest(new AwaitGuest(vm, GUEST_LIMIT));
    } catch (ActivityFailure failure) {
      FaultException fault = Failures.toFault(failure);
      if (fault.fault() != Fault.WRONG_POWER_STATE) {
        throw failure;
      }
      return new Answer(!commits, "its VM is off, so that none of its probes can pass");
    }
    Verification seen =
        ports
            .verify(vm.site(), "Does " + vm.name() + " serve?")
            .verifyGuest(new VerifyGuest(vm, guest.serviceAddress(), window.terms().probes()));
    return new Answer(seen.passed() == commits, words(seen));
  }

  private static String words(Verification seen) {
    return seen.passed()
        ? "all of its probes pass"
        : seen.results().stream()
            .filter(result -> !result.passed())
            .map(WindowProbes::words)
            .collect(joining(" "));
  }

  private static String words(CheckResult failed) {
    return "probe %s does not pass: %s".formatted(failed.check(), failed.detail());
  }
}
