package io.switchback.lab;

import io.switchback.model.Replica;
import io.switchback.port.Done;
import io.switchback.port.NetworkExtensionActivities;

/**
 * Lab networks end at the guests' loopback addresses, so there is nothing to extend. The site is
 * asked for the replica all the same: an extension for a VM that is gone is a fault here too.
 */
public final class LabNetworkExtensionActivities implements NetworkExtensionActivities {
  private final LabSites sites;

  public LabNetworkExtensionActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public NetworkState openExtension(OpenExtension request) {
    VmView vm = look("extend the networks", request.replica());
    return new NetworkState(
        request.side(),
        Condition.NOT_NEEDED,
        "%d lab networks, reached at loopback from both sites".formatted(vm.networks().size()),
        RunningActivity.attempt());
  }

  @Override
  public ExtensionView lookAtExtension(LookAtExtension request) {
    VmView vm = look("look at the network extension", request.replica());
    return new ExtensionView(
        false, "%d lab networks, which need no extension".formatted(vm.networks().size()));
  }

  @Override
  public Done leaveExtension(LeaveExtension request) {
    look("leave the network extension", request.replica());
    return new Done(false, RunningActivity.attempt());
  }

  private VmView look(String what, Replica replica) {
    String words = what + " of " + replica;
    RunningActivity.heartbeat(words);
    return LabFaults.translated(
        words, () -> sites.client(replica.recovery()).look(replica.recovery().id()));
  }
}
