package io.switchback.vsphere;

import com.vmware.vim25.ConcurrentAccess;
import com.vmware.vim25.InvalidPowerState;
import com.vmware.vim25.OptionValue;
import com.vmware.vim25.VirtualMachineConfigSpec;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.vsphere.soap.LostAnswerException;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The highest fence that a VM has seen, kept in its own configuration. vCenter checks no fence, but
 * it does not take a configuration that was made from an older one than it has: so of two who raise
 * the fence at once, one must look again.
 *
 * <p>What is left is the time between raising the fence and the change itself: an attempt that
 * stops for longer than its successor needs to overtake it there, and then wakes up, is not held
 * back by vCenter.
 */
final class Fences {
  /** Of a VM's {@code extraConfig}. */
  static final String KEY = "switchback.fence";

  private static final int TRIES = 5;
  private static final String[] NEEDED = {
    "config.extraConfig", "config.changeVersion", "recentTask"
  };
  private static final Pattern FORM = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)");

  private Fences() {}

  /** The fence that was recorded; empty when there is none. */
  static Optional<Fence> seen(Properties.Row row) {
    return parse(Machine.setting(row, KEY));
  }

  /** As it is recorded. */
  static Optional<Fence> parse(String recorded) {
    Matcher parts = FORM.matcher(recorded);
    return parts.matches()
        ? Optional.of(
            new Fence(
                Long.parseLong(parts.group(1)),
                Long.parseLong(parts.group(2)),
                Long.parseLong(parts.group(3)),
                Integer.parseInt(parts.group(4))))
        : Optional.empty();
  }

  /** The VM as it was read just before its fence was raised, and whether more was changed. */
  record Raised(Machine machine, boolean changed) {}

  /** A change of a VM's configuration; empty when it is so already. */
  interface Wanted {
    Optional<VirtualMachineConfigSpec> of(Machine now);
  }

  /**
   * Records the mandate's fence, as this attempt carries it, and answers the VM as it was read just
   * before. A suspended VM cannot be changed: there the fence is compared and not recorded.
   *
   * @throws FaultException FENCED, and nothing is changed, when the VM has seen a higher one; BUSY
   *     when others change the VM all the time
   */
  static Machine raise(String what, VCenter vcenter, VmRef vm, Mandate mandate, String... alsoRead)
      throws RemoteException {
    return change(what, vcenter, vm, mandate, now -> Optional.empty(), alsoRead).machine();
  }

  /**
   * As {@link #raise}, with a change of the VM's configuration in the same step.
   *
   * @throws InvalidPowerState when there is something to change and the VM is suspended
   */
  static Raised change(
      String what, VCenter vcenter, VmRef vm, Mandate mandate, Wanted wanted, String... alsoRead)
      throws RemoteException {
    Fence mine = mandate.atAttempt(RunningActivity.attempt()).fence();
    String[] paths =
        Stream.concat(Arrays.stream(NEEDED), Arrays.stream(alsoRead)).toArray(String[]::new);
    boolean isMaybeDone = false;
    for (int i = 0; i < TRIES; i++) {
      Machine now = Machine.read(vcenter, vm, paths);
      Optional<Fence> seen = seen(now.row());
      refuseLower(what, mine, seen);
      Optional<VirtualMachineConfigSpec> spec = wanted.of(now);
      if (spec.isEmpty() && seen.equals(Optional.of(mine))) {
        return new Raised(now, isMaybeDone);
      }
      try {
        if (record(what, now, spec.orElseGet(VirtualMachineConfigSpec::new), mine)) {
          return new Raised(now, spec.isPresent());
        }
      } catch (ConcurrentAccess faster) {
        // Somebody else has changed it since it was read.
        continue;
      } catch (InvalidPowerState e) {
        if (spec.isEmpty() && now.power() == PowerState.SUSPENDED) {
          return new Raised(now, false);
        }
        throw e;
      }
      isMaybeDone |= spec.isPresent();
    }
    throw new FaultException(
        Fault.BUSY,
        "Could not %s: others change its configuration all the time. It is tried again."
            .formatted(what));
  }

  private static void refuseLower(String what, Fence mine, Optional<Fence> seen) {
    if (seen.isPresent() && seen.get().compareTo(mine) > 0) {
      throw new FaultException(
          Fault.FENCED,
          "Could not %s: the VM has seen the fence %s, and this attempt has %s. A newer claim or attempt has taken over; look at it."
              .formatted(what, seen.get(), mine));
    }
  }

  /** Whether it is recorded; else that has to be looked up. */
  private static boolean record(String what, Machine now, VirtualMachineConfigSpec spec, Fence mine)
      throws RemoteException {
    spec.setChangeVersion(now.row().get("config.changeVersion", String.class, ""));
    spec.setExtraConfig(with(spec.getExtraConfig(), setting(KEY, mine.toString())));
    try {
      return Tasks.once(
              what,
              now,
              TaskKind.RECONFIGURE,
              live -> live.vim().reconfigVM_Task(now.reference(), spec))
          == StartedTask.End.DONE;
    } catch (LostAnswerException lost) {
      return false;
    }
  }

  private static OptionValue[] with(OptionValue @Nullable [] settings, OptionValue more) {
    return settings == null
        ? new OptionValue[] {more}
        : Stream.concat(Arrays.stream(settings), Stream.of(more)).toArray(OptionValue[]::new);
  }

  static OptionValue setting(String key, String value) {
    OptionValue option = new OptionValue();
    option.setKey(key);
    option.setValue(value);
    return option;
  }
}
