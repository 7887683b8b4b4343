package io.switchback.lab;

import io.switchback.port.Done;
import io.switchback.port.NetworkExtensionActivities;

/** Lab networks end at the guests' loopback addresses, so there is nothing to extend. */
public final class LabNetworkExtensionActivities implements NetworkExtensionActivities {

  @Override
  public NetworkState openExtension(OpenExtension request) {
    return new NetworkState(
        request.side(),
        Condition.NOT_NEEDED,
        "Lab guests are reached at loopback addresses from both sites, so no extension is needed.",
        RunningActivity.attempt());
  }

  @Override
  public Done leaveExtension(LeaveExtension request) {
    return new Done(false, RunningActivity.attempt());
  }
}
