package io.switchback.worker.run;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.RestorePoint;
import io.switchback.worker.run.Preview.VmPreview;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A preview for people. */
final class PreviewLines {
  private PreviewLines() {}

  static List<String> of(Preview preview) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s of %d %s would do this; nothing was changed."
            .formatted(
                preview.operation(),
                preview.vms().size(),
                preview.vms().size() == 1 ? "VM" : "VMs"));
    preview.notes().forEach(note -> lines.add("  !   " + note.replace("\n", "\n      ")));
    for (VmPreview vm : preview.vms()) {
      lines.add("");
      lines.add(
          "%s  %s → %s  %s → %s"
              .formatted(
                  vm.vm(),
                  vm.production().site(),
                  vm.recovery().site(),
                  vm.state(),
                  becomes(vm, preview)));
      RestorePoint point = vm.restorePoint();
      Double age = vm.restorePointAgeSeconds();
      if (point != null && age != null) {
        lines.add(
            "  restore point %s, taken %s, %s ago, %s-consistent"
                .formatted(
                    point.id(),
                    point.takenAt(),
                    Words.of(Duration.ofMillis((long) (age * 1000))),
                    point.consistency().name().toLowerCase(Locale.ROOT)));
      }
      Long discarded = vm.discardedBytes();
      if (discarded != null) {
        lines.add(
            "  would discard %s that the replica has written".formatted(Words.ofBytes(discarded)));
      }
      int number = 1;
      for (String step : vm.steps()) {
        lines.add("  %2d  %s".formatted(number++, step));
      }
      vm.notes().forEach(note -> lines.add("  !   " + note));
    }
    return lines;
  }

  private static Object becomes(VmPreview vm, Preview preview) {
    if (preview.operation().equals("Unprotect")) {
      return "not protected";
    }
    ReplicaState becomes = vm.becomes() == null ? vm.state() : vm.becomes();
    return becomes == null ? "not protected" : becomes;
  }
}
