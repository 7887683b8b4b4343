package io.switchback.lab;

import java.net.URI;
import java.util.UUID;

/** Starts guests inside the daemon, or as processes of their own. */
final class GuestKinds implements GuestLauncher {
  private final URI daemon;
  private final String token;

  /**
   * @param token that lets a guest in a process of its own reach its disks
   */
  GuestKinds(URI daemon, String token) {
    this.daemon = daemon;
    this.token = token;
  }

  @Override
  public Guest launch(VmDefinition vm, UUID boot, GuestHost host) {
    return switch (vm.guest().kind()) {
      case PROCESS -> new GuestProcess(daemon, token, vm, boot);
      case THREAD -> new GuestProgram(vm.name(), boot, vm.guest(), host);
    };
  }
}
