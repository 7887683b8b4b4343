package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** Signs grants that say in words what they are for, and judges them. */
public class FakeGrantActivities implements GrantActivities {
  private final Supplier<Instant> clock;
  private final List<GrantRead> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Fence> highest = new ConcurrentHashMap<>();
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
    requireKey();
    asked.add(request);
    return new SignedGrant(text(request), clock.get().plus(lasting));
  }

  void requireKey() {
    if (!hasKey) {
      throw new FaultException(Fault.NOT_CONFIGURED, "Could not sign: there is no key.");
    }
  }

  String text(GrantRead request) {
    return words(request);
  }

  /** Whether a worker lets in whoever presents {@code grant}. */
  boolean opens(String grant, GrantRead use) {
    String disk = "%s by %s".formatted(use.disk(), use.holder());
    Fence fence = fence(grant);
    return what(grant).equals(what(words(use)))
        && highest.merge(disk, fence, (a, b) -> a.compareTo(b) > 0 ? a : b).equals(fence);
  }

  private static String what(String grant) {
    return grant.substring(0, grant.indexOf(" under "));
  }

  private static Fence fence(String grant) {
    String[] parts = grant.substring(grant.indexOf(" under ") + 7).split("\\.", -1);
    return new Fence(
        Long.parseLong(parts[0]),
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Integer.parseInt(parts[3]));
  }

  /** The text of the grant for {@code request}. */
  public static String words(GrantRead request) {
    return "%s may read %s of %s of %s under %s"
        .formatted(
            request.holder(),
            request.disk(),
            request.vm().id(),
            request.snapshot(),
            request.mandate().fence());
  }
}
