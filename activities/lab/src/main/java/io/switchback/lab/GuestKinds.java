package io.switchback.lab;

import java.net.URI;
import java.util.UUID;

/** Starts guests inside the daemon, or as processes of their own. */
final class GuestKinds implements GuestLauncher {
  private final URI daemon;

  GuestKinds(URI daemon) {
    this.daemon = daemon;
  }

  @Override
  public Guest launch(VmDefinition vm, UUID boot, GuestHost host) {
    return switch (vm.guest().kind()) {
      case PROCESS -> new GuestProcess(daemon, vm, boot);
      case THREAD -> new GuestProgram(vm.name(), boot, vm.guest(), host);
    };
  }
}
