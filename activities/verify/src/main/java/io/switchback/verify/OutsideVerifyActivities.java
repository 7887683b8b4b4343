package io.switchback.verify;

import io.switchback.port.VerifyActivities;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Looks at guests over the network, from where this worker runs. All checks of a guest are tried
 * side by side, so that a slow one takes no time from the others.
 */
public final class OutsideVerifyActivities implements VerifyActivities, AutoCloseable {
  /**
   * Well under the shortest heartbeat limit in use, 2 s; Temporal's client throttles what is too
   * often.
   */
  private static final long HEARTBEAT_MILLIS = 500;

  private final GuestChecks checks;

  public OutsideVerifyActivities(VerifySettings settings) {
    this.checks = new GuestChecks(settings);
  }

  @Override
  public Verification verifyGuest(VerifyGuest request) {
    ActivityExecutionContext context = Activity.getExecutionContext();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CheckResult>> trying =
          request.checks().stream()
              .map(check -> threads.submit(() -> checks.run(check, request.serviceAddress())))
              .toList();
      try {
        List<CheckResult> results = new ArrayList<>();
        for (Future<CheckResult> one : trying) {
          results.add(await(one, context, results.size()));
        }
        return new Verification(results, context.getInfo().getAttempt());
      } catch (RuntimeException stopping) {
        // Closing the threads waits for them, and a check may have minutes left.
        threads.shutdownNow();
        throw stopping;
      }
    }
  }

  private static CheckResult await(
      Future<CheckResult> trying, ActivityExecutionContext context, int done) {
    while (true) {
      try {
        return trying.get(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        heartbeat(context, done);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new CancellationException("The worker shuts down while it verifies a guest.");
      } catch (ExecutionException failed) {
        throw new IllegalStateException("A check ended without an answer.", failed.getCause());
      }
    }
  }

  private static void heartbeat(ActivityExecutionContext context, int done)
      throws ActivityCompletionException {
    context.heartbeat(done);
  }

  @Override
  public void close() {
    checks.close();
  }
}
