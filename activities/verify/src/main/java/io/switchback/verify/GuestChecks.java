package io.switchback.verify;

import io.switchback.model.Check;
import io.switchback.model.HttpCheck;
import io.switchback.model.TcpCheck;
import io.switchback.port.VerifyActivities.CheckResult;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tries a check again and again until it passes or its limit ends. */
final class GuestChecks implements AutoCloseable {
  private static final String ADDRESS = "{address}";

  private final VerifySettings settings;
  private final GuestProbe probe = new GuestProbe();

  GuestChecks(VerifySettings settings) {
    this.settings = settings;
  }

  CheckResult run(Check check, @Nullable String serviceAddress) throws InterruptedException {
    String target =
        switch (check) {
          case HttpCheck http -> http.url();
          case TcpCheck tcp -> tcp.address();
        };
    if (serviceAddress == null && target.contains(ADDRESS)) {
      return new CheckResult(
          name(check, target),
          false,
          "Not tried: the site reports no address for the guest, and the check needs one.",
          Duration.ZERO);
    }
    return tryUntilItPasses(
        check, serviceAddress == null ? target : target.replace(ADDRESS, serviceAddress));
  }

  private CheckResult tryUntilItPasses(Check check, String target) throws InterruptedException {
    long startNanos = System.nanoTime();
    Duration pause = settings.pause();
    Glance last = null;
    while (true) {
      Duration left = check.limit().minusNanos(System.nanoTime() - startNanos);
      Glance glance = glance(check, target, shorter(settings.tryLimit(), atLeastOneMilli(left)));
      boolean cutShort = glance.timedOut() && left.compareTo(settings.tryLimit()) < 0;
      // A try that the limit cut short saw less than the one before it.
      last = last != null && cutShort ? last : glance;
      Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
      left = check.limit().minus(took);
      if (glance.passed() || glance.isFinal() || !left.isPositive()) {
        return new CheckResult(
            name(check, target), glance.passed(), detail(last, target, took), took);
      }
      Thread.sleep(shorter(pause, left));
      pause = shorter(settings.longestPause(), pause.multipliedBy(2));
    }
  }

  private Glance glance(Check check, String target, Duration limit) throws InterruptedException {
    return switch (check) {
      case HttpCheck http -> probe.http(target, http.status(), limit);
      case TcpCheck _ -> probe.tcp(target, limit);
    };
  }

  private static String name(Check check, String target) {
    return switch (check) {
      case HttpCheck http -> "GET " + target + " answers " + http.status();
      case TcpCheck _ -> "TCP " + target + " accepts";
    };
  }

  private static String detail(Glance glance, String target, Duration took) {
    String seconds = String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    if (glance.passed()) {
      return glance.saw() + " from " + target + " after " + seconds;
    }
    return glance.isFinal()
        ? "Not tried: " + glance.saw()
        : "Gave up on " + target + " after " + seconds + ", at last: " + glance.saw();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static Duration atLeastOneMilli(Duration duration) {
    return duration.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : duration;
  }

  @Override
  public void close() {
    probe.close();
  }
}
