package io.switchback.worker.run;

import io.switchback.model.CheckOverride;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Reconciliation;
import io.switchback.operation.SkippedStep;
import io.switchback.operation.Way;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A finished run for people. */
public final class ResultLines {
  private ResultLines() {}

  /** A table of what came of each VM, then what a person should know. */
  public static List<String> of(OperationResult result) {
    TextTable table =
        new TextTable("VM", "OUTCOME", "STATE", "RESTORE POINT", "RPO", "RTO", "VERIFIED");
    List<String> notes = new ArrayList<>();
    for (MemberResult member : result.members()) {
      table.row(
          member.vm(),
          member.outcome().name(),
          member.state() == null ? "-" : member.state().name(),
          member.restorePoint() == null ? "-" : member.restorePoint().id(),
          of(member.rpo()),
          of(member.rto()),
          member.verification() == null ? "-" : member.verified() ? "yes" : "NO");
      member.notes().forEach(note -> notes.add(member.vm() + ": " + note));
      Reconciliation seen = member.reconciliation();
      if (seen != null) {
        notes.addAll(reconciliation(member.vm(), seen));
      }
      for (CheckOverride override : member.overrides()) {
        notes.add(
            "%s: check %s overridden by %s: %s"
                .formatted(member.vm(), override.check(), override.by(), override.reason()));
      }
      for (SkippedStep step : member.skipped()) {
        notes.add(
            "%s: step %s skipped by %s: %s; %s"
                .formatted(member.vm(), step.step(), step.by(), step.reason(), step.consequence()));
      }
      if (member.discardedBytes() > 0) {
        notes.add(
            "%s: %s that the replica had written were discarded"
                .formatted(member.vm(), Words.ofBytes(member.discardedBytes())));
      }
    }
    notes.addAll(result.notes());
    List<String> lines = new ArrayList<>(table.lines());
    notes.forEach(note -> lines.add("  " + note));
    return lines;
  }

  private static List<String> reconciliation(String vm, Reconciliation seen) {
    List<String> lines = new ArrayList<>();
    lines.add(vm + ": run         " + seen.run());
    lines.add(vm + ": registry    " + seen.registry());
    lines.add(vm + ": hypervisor  " + seen.hypervisor());
    lines.add(vm + ": production  " + seen.production());
    lines.add(vm + ": appliances  " + seen.appliances());
    for (Way way : seen.ways()) {
      lines.add("%s: choose %-12s  %s".formatted(vm, way.choose(), way.effect()));
    }
    return lines;
  }

  private static String of(@Nullable Duration duration) {
    return duration == null ? "-" : Words.of(duration);
  }
}
