package io.switchback.worker.run;

import io.switchback.operation.OperationStatus.MemberStatus;
import io.switchback.operation.Parked;
import io.switchback.operation.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells a run as it goes on: each step once, when it has ended, and each decision that is waited
 * for.
 */
final class Timeline {
  private final String workflowId;
  private final CommandWords commands;
  private final Consumer<String> lines;
  private final Map<String, Integer> told = new HashMap<>();
  private final Map<String, String> phases = new HashMap<>();
  private final Set<Parked> waiting = new HashSet<>();

  Timeline(String workflowId, CommandWords commands, Consumer<String> lines) {
    this.workflowId = workflowId;
    this.commands = commands;
    this.lines = lines;
  }

  /** Tells the steps that have ended since it was asked last. */
  void steps(String vm, Instant begunAt, List<StepStatus> steps) {
    for (int i = told.getOrDefault(vm, 0); i < steps.size(); i++) {
      StepStatus step = steps.get(i);
      Duration took = step.took();
      if (took == null || step.condition().equals("PARKED")) {
        return;
      }
      Duration since = Duration.between(begunAt, step.begunAt().plus(took));
      lines.accept(
          "%9s  %-12s %-24s %-7s %8s  %s"
              .formatted(
                  "+" + Words.of(since),
                  vm,
                  step.step(),
                  step.condition().toLowerCase(Locale.ROOT),
                  Words.of(took),
                  step.detail())
              .stripTrailing());
      told.put(vm, i + 1);
    }
  }

  /** Tells a member's phase where its steps are not told. */
  void phase(MemberStatus member) {
    if (!member.phase().equals(phases.put(member.vm(), member.phase()))) {
      lines.accept("           %-12s %s".formatted(member.vm(), member.phase()));
    }
  }

  /** Tells once what a member waits for, with the commands that answer it. */
  void parked(List<MemberStatus> members) {
    Set<Parked> now = new HashSet<>();
    for (MemberStatus member : members) {
      Parked parked = member.parked();
      if (parked != null && now.add(parked) && !waiting.contains(parked)) {
        lines.accept("");
        lines.accept(
            "%s waits for you at step '%s': %s"
                .formatted(parked.vm(), parked.step(), parked.message()));
        commands.answers(workflowId, parked).forEach(command -> lines.accept("  " + command));
        lines.accept("");
      }
    }
    waiting.clear();
    waiting.addAll(now);
  }
}
