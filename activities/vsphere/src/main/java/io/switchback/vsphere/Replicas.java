package io.switchback.vsphere;

/** Marks of the VMs that Switchback keeps as replicas. */
final class Replicas {
  /** Of a VM's {@code extraConfig}: the replica whose VM it is. */
  static final String KEY = "switchback.replica";

  private Replicas() {}

  /** Id of the replica; empty when anybody may start the VM. */
  static String idOf(Properties.Row row) {
    return Machine.setting(row, KEY);
  }
}
