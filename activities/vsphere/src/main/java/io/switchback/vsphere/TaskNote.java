package io.switchback.vsphere;

/**
 * What an attempt tells the next one by its heartbeats: the task that it waits for.
 *
 * @param task vCenter's id of it; empty for a change that has none
 * @param vm id of the VM
 */
public record TaskNote(String task, String method, String vm) {
  /** There is no task yet. */
  static final TaskNote NONE = new TaskNote("", "", "");
}
