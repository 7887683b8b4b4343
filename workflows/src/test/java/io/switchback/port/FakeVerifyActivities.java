package io.switchback.port;

import io.switchback.fault.Fault;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Looks at guests that are not there: every check passes unless a test says otherwise. */
public final class FakeVerifyActivities implements VerifyActivities {
  private final FaultScript script = new FaultScript(Fault.SITE_UNREACHABLE);
  private final Set<String> silent = new HashSet<>();

  /** What goes wrong; targets are VM ids. */
  public FaultScript script() {
    return script;
  }

  /** Lets every check of the VM fail. */
  public synchronized void silence(String vmId) {
    silent.add(vmId);
  }

  @Override
  public Verification verifyGuest(VerifyGuest request) {
    return script.run("verifyGuest", request.vm().id(), () -> verify(request));
  }

  private synchronized Verification verify(VerifyGuest request) {
    boolean passes = !silent.contains(request.vm().id());
    return new Verification(
        request.checks().stream()
            .map(
                check ->
                    new CheckResult(
                        check.toString(),
                        passes,
                        passes ? "It answered." : "It did not answer within " + check.limit() + ".",
                        passes ? Duration.ofMillis(5) : check.limit()))
            .toList(),
        Attempts.current());
  }
}
