package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.model.Check;
import io.switchback.model.HttpCheck;
import io.switchback.model.TcpCheck;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks at guests that are not there: every check passes unless a test says otherwise. */
public class FakeVerifyActivities implements VerifyActivities {
  private static final int TRIES = 10;

  private final FaultScript script = new FaultScript(Fault.SITE_UNREACHABLE);
  private final Set<String> silent = new HashSet<>();
  private final Map<String, Integer> deaf = new HashMap<>();

  /** What goes wrong; targets are VM ids. */
  public FaultScript script() {
    return script;
  }

  /** Lets every check of the VM fail. */
  public synchronized void silence(String vmId) {
    silent.add(vmId);
  }

  /** Lets the first tries of each check of the VM fail. */
  public synchronized void readyAfter(String vmId, int tries) {
    deaf.put(vmId, tries);
  }

  @Override
  public Verification verifyGuest(VerifyGuest request) {
    return script.run("verifyGuest", request.vm().id(), () -> verify(request));
  }

  private synchronized Verification verify(VerifyGuest request) {
    return new Verification(
        request.checks().stream().map(check -> run(check, request)).toList(), Attempts.current());
  }

  /** Tries until it passes; after so many tries the limit has ended. */
  CheckResult run(Check check, VerifyGuest request) {
    boolean passes = false;
    for (int tried = 0; tried < TRIES && !passes; tried++) {
      Attempts.heartbeat(tried);
      passes = passes(check, request.vm().id(), tried);
    }
    return new CheckResult(
        name(check, request.serviceAddress()),
        passes,
        passes ? "It answered." : "It did not answer as wanted within " + check.limit() + ".",
        passes ? Duration.ofMillis(5) : check.limit());
  }

  boolean passes(Check check, String vmId, int tried) {
    boolean isWanted = !(check instanceof HttpCheck http) || http.status() == 200;
    return isWanted && !silent.contains(vmId) && tried >= deaf.getOrDefault(vmId, 0);
  }

  String name(Check check, @Nullable String serviceAddress) {
    String target =
        switch (check) {
          case HttpCheck http -> http.url();
          case TcpCheck tcp -> tcp.address();
        };
    return serviceAddress == null ? target : target.replace("{address}", serviceAddress);
  }
}
