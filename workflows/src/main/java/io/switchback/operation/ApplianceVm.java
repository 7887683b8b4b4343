package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkPair;
import io.switchback.model.PowerState;
import io.switchback.model.VmProfile;
import io.switchback.model.VmRef;
import io.switchback.port.ApplianceStartActivities.MandateStart;
import io.switchback.port.InventoryActivities.FindVms;
import io.switchback.port.NetworkExtensionActivities.Side;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.port.VmActivities.LookAtVm;
import io.temporal.failure.ActivityFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The VM of the appliance at one end of a pair: powered on when it is found off. It is never
 * powered off: whoever needs it next is served at once, and without a tunnel it forwards nothing.
 */
final class ApplianceVm {
  /** So long an appliance that was powered on may take until it answers. */
  private static final Duration BOOT = Duration.ofMinutes(2);

  private final Side side;
  private final Ports ports;
  private final LoopPager pager;
  private @Nullable Instant startedAt;
  private String finding = "";

  ApplianceVm(Side side, Ports ports, LoopPager pager) {
    this.side = side;
    this.ports = ports;
    this.pager = pager;
  }

  /**
   * Powers the VM on unless it runs. What keeps it from that is told and no more: the appliance may
   * run all the same.
   *
   * @param name of the VM; empty where somebody else runs it
   * @throws ActivityFailure when the site has no worker that could ask the appliance either
   */
  void start(NetworkPair pair, String site, String name) {
    if (name.isEmpty()) {
      finding = "";
      return;
    }
    try {
      List<VmProfile> found =
          ports
              .appliances(site, "Where is the appliance " + name + "?")
              .findVms(new FindVms(site, List.of(name), "", ""))
              .vms();
      finding =
          found.isEmpty()
              ? "site '%s' has no VM '%s', which would be powered on".formatted(site, name)
              : started(pair, site, found.getFirst().vm());
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      FaultException fault = Failures.toFault(failure);
      if (fault.fault() == Fault.NO_WORKER) {
        throw failure;
      }
      finding = "its VM '%s' could not be powered on: %s".formatted(name, fault.sentence());
    }
  }

  private String started(NetworkPair pair, String site, VmRef vm) {
    PowerState power =
        ports
            .appliancePower(site, "Is the appliance " + vm.name() + " on?")
            .lookAtVm(new LookAtVm(vm))
            .power();
    if (power != PowerState.ON) {
      Mandate mandate =
          ports
              .applianceStarts(
                  "May " + vm.name() + " be powered on for pair " + pair.number() + "?")
              .mandateStart(new MandateStart(pair.number(), pair.revision()))
              .mandate();
      if (mandate == null) {
        return "";
      }
      var _ =
          ports
              .appliancePower(site, "Power the appliance " + vm.name() + " on")
              .powerOnVm(new ChangePower(mandate, vm));
      Instant now = RunClock.now();
      startedAt = now;
      pager.tell(
          pair.words(),
          side.name(),
          "started/" + side + "/" + now,
          "",
          "the appliance %s was found %s, and is powered on".formatted(vm, power));
    }
    return startedAt == null
        ? ""
        : "its VM '%s' was powered on at %s"
            .formatted(vm.name(), startedAt.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Whether it may not have come up yet. */
  boolean isBooting() {
    return startedAt != null && RunClock.now().isBefore(startedAt.plus(BOOT));
  }

  /** What was done or found, to stand after another sentence; empty when there is nothing. */
  String words() {
    return finding.isEmpty() ? "" : "; " + finding;
  }
}
