package io.switchback.port;

import io.switchback.model.Check;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at a started guest from outside. */
@ActivityInterface
public interface VerifyActivities {

  /**
   * Tries every check until it passes or its limit ends; {@code {address}} in a check becomes
   * {@code serviceAddress}.
   *
   * <p>A check that does not pass is an answer, not a fault. Up to the longest limit; heartbeats.
   */
  Verification verifyGuest(VerifyGuest request);

  /** Asks to verify {@code vm}. */
  record VerifyGuest(VmRef vm, @Nullable String serviceAddress, List<Check> checks) {
    public VerifyGuest {
      checks = List.copyOf(checks);
    }
  }

  /** Every check's result, in the order asked. */
  record Verification(List<CheckResult> results, int attempt) {
    public Verification {
      results = List.copyOf(results);
    }

    /** Whether at least one check was made and all passed. */
    public boolean passed() {
      return !results.isEmpty() && results.stream().allMatch(CheckResult::passed);
    }
  }

  /** What a check saw, in a sentence, and how long it took. */
  record CheckResult(String check, boolean passed, String detail, Duration took) {}
}
