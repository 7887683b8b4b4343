package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Signs grants that say in words what they are for. */
public final class FakeGrantActivities implements GrantActivities {
  private final Supplier<Instant> clock;
  private final List<GrantRead> asked = new CopyOnWriteArrayList<>();
  private volatile Duration lasting = Duration.ofHours(24);
  private volatile boolean hasKey = true;

  public FakeGrantActivities(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /** Grants are good for so long from now on. */
  public void lasting(Duration now) {
    lasting = now;
  }

  /** Has no key from now on. */
  public void loseKey() {
    hasKey = false;
  }

  /** What was asked for, in order. */
  public List<GrantRead> asked() {
    return List.copyOf(asked);
  }

  @Override
  public SignedGrant grantRead(GrantRead request) {
    if (!hasKey) {
      throw new FaultException(Fault.NOT_CONFIGURED, "Could not sign: there is no key.");
    }
    asked.add(request);
    return new SignedGrant(words(request), clock.get().plus(lasting));
  }

  /** The text of the grant for {@code request}. */
  public static String words(GrantRead request) {
    return "%s may read %s of %s under %s"
        .formatted(request.holder(), request.disk(), request.snapshot(), request.mandate().fence());
  }
}
