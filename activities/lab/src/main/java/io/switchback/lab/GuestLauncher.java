package io.switchback.lab;

import java.util.UUID;

/** Makes the guest that a VM's definition asks for. */
interface GuestLauncher {
  Guest launch(VmDefinition vm, UUID boot, GuestHost host);
}
