package io.switchback.lab;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the effect journal.
 *
 * @param seq counts from 1 without gap
 * @param by whom: an operation, a person ("hand"), the guest or the site
 * @param vm the VM's id, {@code name} its name
 * @param boot of the guest that wrote, or that the power-on started
 * @param record the number of a guest's record: written, or flushed through
 */
public record Effect(
    long seq,
    @Nullable Instant at,
    String kind,
    String by,
    @Nullable String vm,
    @Nullable String name,
    @Nullable String disk,
    @Nullable String operationId,
    @Nullable String step,
    @Nullable LabFence fence,
    @Nullable String boot,
    @Nullable Long record,
    @Nullable Map<String, Object> details) {

  static Effect bySite(String kind, Map<String, Object> details) {
    return new Effect(
        0, null, kind, "site", null, null, null, null, null, null, null, null, details);
  }

  /** Of no VM. */
  static Effect ofSite(String kind, Map<String, Object> details, @Nullable Stamp stamp) {
    return stamped(kind, null, stamp).with(details);
  }

  static Effect of(String kind, VmDefinition vm, @Nullable Stamp stamp) {
    return stamped(kind, vm, stamp);
  }

  private static Effect stamped(String kind, @Nullable VmDefinition vm, @Nullable Stamp stamp) {
    return new Effect(
        0,
        null,
        kind,
        stamp == null ? "hand" : "operation",
        vm == null ? null : vm.id(),
        vm == null ? null : vm.name(),
        null,
        stamp == null ? null : stamp.operationId(),
        stamp == null ? null : stamp.step(),
        stamp == null ? null : stamp.fence(),
        null,
        null,
        null);
  }

  static Effect byGuest(String kind, VmDefinition vm, String boot, long record) {
    return new Effect(
        0, null, kind, "guest", vm.id(), vm.name(), null, null, null, null, boot, record, null);
  }

  Effect on(String diskId) {
    return new Effect(
        seq, at, kind, by, vm, name, diskId, operationId, step, fence, boot, record, details);
  }

  Effect withBoot(@Nullable String bootId) {
    return new Effect(
        seq, at, kind, by, vm, name, disk, operationId, step, fence, bootId, record, details);
  }

  Effect with(Map<String, Object> facts) {
    return new Effect(
        seq, at, kind, by, vm, name, disk, operationId, step, fence, boot, record, facts);
  }

  Effect numbered(long number, Instant moment) {
    return new Effect(
        number, moment, kind, by, vm, name, disk, operationId, step, fence, boot, record, details);
  }
}
