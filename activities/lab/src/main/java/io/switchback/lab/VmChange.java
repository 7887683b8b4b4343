package io.switchback.lab;

import io.switchback.model.Firmware;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a VM; what is absent stays as it is.
 *
 * @param cpus changed only while the VM is off, as are memory and firmware
 * @param networks all of its cards: one left out is unplugged for good
 * @param host empty = any
 * @param managedBy who looks after the VM, so that nobody starts it by hand; empty = nobody
 */
public record VmChange(
    @Nullable String name,
    @Nullable String folder,
    @Nullable List<String> tags,
    @Nullable Integer cpus,
    @Nullable Long memoryBytes,
    @Nullable Firmware firmware,
    @Nullable List<NetworkCard> networks,
    @Nullable String host,
    @Nullable Boolean autostart,
    @Nullable String managedBy) {

  public VmChange {
    tags = tags == null ? null : List.copyOf(tags);
    networks = networks == null ? null : List.copyOf(networks);
  }

  /** Changes nothing yet. */
  public static VmChange none() {
    return new VmChange(null, null, null, null, null, null, null, null, null, null);
  }

  public VmChange name(String to) {
    return new VmChange(
        to, folder, tags, cpus, memoryBytes, firmware, networks, host, autostart, managedBy);
  }

  public VmChange folder(String to) {
    return new VmChange(
        name, to, tags, cpus, memoryBytes, firmware, networks, host, autostart, managedBy);
  }

  public VmChange tags(List<String> to) {
    return new VmChange(
        name, folder, to, cpus, memoryBytes, firmware, networks, host, autostart, managedBy);
  }

  public VmChange cpus(int to) {
    return new VmChange(
        name, folder, tags, to, memoryBytes, firmware, networks, host, autostart, managedBy);
  }

  public VmChange memoryBytes(long to) {
    return new VmChange(
        name, folder, tags, cpus, to, firmware, networks, host, autostart, managedBy);
  }

  public VmChange firmware(Firmware to) {
    return new VmChange(
        name, folder, tags, cpus, memoryBytes, to, networks, host, autostart, managedBy);
  }

  public VmChange networks(List<NetworkCard> to) {
    return new VmChange(
        name, folder, tags, cpus, memoryBytes, firmware, to, host, autostart, managedBy);
  }

  public VmChange host(String to) {
    return new VmChange(
        name, folder, tags, cpus, memoryBytes, firmware, networks, to, autostart, managedBy);
  }

  public VmChange autostart(boolean to) {
    return new VmChange(
        name, folder, tags, cpus, memoryBytes, firmware, networks, host, to, managedBy);
  }

  public VmChange managedBy(String to) {
    return new VmChange(
        name, folder, tags, cpus, memoryBytes, firmware, networks, host, autostart, to);
  }

  boolean needsPowerOff() {
    return cpus != null || memoryBytes != null || firmware != null;
  }

  /** What it names, for the journal. */
  Map<String, Object> details() {
    Map<String, Object> details = new LinkedHashMap<>();
    put(details, "name", name);
    put(details, "folder", folder);
    put(details, "tags", tags);
    put(details, "cpus", cpus);
    put(details, "memoryBytes", memoryBytes);
    put(details, "firmware", firmware);
    put(details, "networks", networks);
    put(details, "host", host);
    put(details, "autostart", autostart);
    put(details, "managedBy", managedBy);
    return details;
  }

  private static void put(Map<String, Object> details, String key, @Nullable Object value) {
    if (value != null) {
      details.put(key, value);
    }
  }
}
