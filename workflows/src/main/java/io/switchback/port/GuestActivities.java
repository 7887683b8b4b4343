package io.switchback.port;

import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The guest of a VM, through its tools.
 *
 * <p>Every method: SITE_UNREACHABLE (retried) when the hypervisor does not answer, VM_NOT_FOUND
 * when it knows no such VM. A change: FENCED, and nothing changed, when the site has seen a higher
 * fence for the VM.
 */
@ActivityInterface
public interface GuestActivities {

  /**
   * Asks the guest's tools to shut the guest down, by which it makes durable what it holds, and
   * waits until the VM is off.
   *
   * <p>If it is off already, changes nothing. That the tools do not answer, or that the VM is not
   * off within {@code limit}, is an answer, not a fault; the VM is as it was then, or still on its
   * way down. Up to {@code limit}; heartbeats.
   */
  GuestShutDown shutDownGuest(ShutDownGuest request);

  /**
   * Waits until the guest of a running VM is ready: its tools answer.
   *
   * <p>Not being ready within {@code limit} is an answer, not a fault. Up to {@code limit};
   * heartbeats.
   *
   * @throws io.switchback.fault.FaultException WRONG_POWER_STATE when the VM is off
   */
  GuestReadiness awaitGuest(AwaitGuest request);

  /**
   * Asks to shut the guest of {@code vm} down and to wait for that for at most {@code limit},
   * counted from this attempt's start.
   */
  record ShutDownGuest(Mandate mandate, VmRef vm, Duration limit) {}

  /**
   * Asks to wait for the guest of {@code vm} for at most {@code limit}, counted from this attempt's
   * start.
   */
  record AwaitGuest(VmRef vm, Duration limit) {}

  /** What came of asking a guest to shut down. */
  enum ShutDownEnd {
    /** Nothing was asked. */
    OFF_ALREADY,
    /** The guest has ended in an orderly way, and the VM is off. */
    SHUT_DOWN,
    /** Nobody could be asked: no tools, a guest that still boots, or a suspended VM. */
    NO_TOOLS,
    /** The guest was asked, and the VM is not off yet. */
    LIMIT_PASSED
  }

  /**
   * Whether the guest shut down.
   *
   * @param detail what was seen, a sentence for people
   */
  record GuestShutDown(ShutDownEnd end, String detail, int attempt) {
    /** Whether this attempt has shut it down. */
    public boolean changed() {
      return end == ShutDownEnd.SHUT_DOWN;
    }

    /** Whether the VM is off now. */
    public boolean off() {
      return end == ShutDownEnd.SHUT_DOWN || end == ShutDownEnd.OFF_ALREADY;
    }
  }

  /**
   * Whether the guest got ready.
   *
   * @param detail what was seen, a sentence for people
   * @param serviceAddress as in {@link VmActivities.VmStatus}
   */
  record GuestReadiness(
      boolean ready, String detail, @Nullable String serviceAddress, int attempt) {}
}
