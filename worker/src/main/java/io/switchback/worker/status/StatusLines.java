package io.switchback.worker.status;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.RestorePoint;
import io.switchback.model.Undoable;
import io.switchback.model.WindowEnd;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.SiteActivities.Greeting;
import io.switchback.worker.run.TextTable;
import io.switchback.worker.run.Words;
import io.switchback.worker.status.EstateStatus.BuildStatus;
import io.switchback.worker.status.EstateStatus.DriftStatus;
import io.switchback.worker.status.EstateStatus.GroupStatus;
import io.switchback.worker.status.EstateStatus.HolderStatus;
import io.switchback.worker.status.EstateStatus.IsolatedStatus;
import io.switchback.worker.status.EstateStatus.MemberPhase;
import io.switchback.worker.status.EstateStatus.NetworkStatus;
import io.switchback.worker.status.EstateStatus.ParkedStatus;
import io.switchback.worker.status.EstateStatus.ReplicationState;
import io.switchback.worker.status.EstateStatus.RoomStatus;
import io.switchback.worker.status.EstateStatus.RunStatus;
import io.switchback.worker.status.EstateStatus.ServiceStatus;
import io.switchback.worker.status.EstateStatus.SideStatus;
import io.switchback.worker.status.EstateStatus.SiteStatus;
import io.switchback.worker.status.EstateStatus.TransferStatus;
import io.switchback.worker.status.EstateStatus.VmStatus;
import io.switchback.worker.status.EstateStatus.WindowStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The estate's status for people. */
public final class StatusLines {
  private final EstateStatus status;
  private final List<String> lines = new ArrayList<>();

  private StatusLines(EstateStatus status) {
    this.status = status;
  }

  /** What waits for a person comes right after the table of VMs, with the commands to copy. */
  public static List<String> of(EstateStatus status) {
    StatusLines lines = new StatusLines(status);
    lines.vms();
    lines.drift();
    lines.decisions();
    lines.groups();
    lines.networks();
    lines.runs();
    lines.sites();
    lines.room();
    lines.workers();
    lines.builds();
    lines.services();
    return List.copyOf(lines.lines);
  }

  private void drift() {
    if (status.drift().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("Not as Switchback left it:");
    for (DriftStatus found : status.drift()) {
      lines.add(
          "  %s  %s  first seen %s ago, looked at %s ago"
              .formatted(
                  found.vm(), found.kind(), ago(found.firstSeenAt()), ago(found.lookedAt())));
      lines.add("    " + found.sentence());
    }
  }

  private void room() {
    if (status.room().isEmpty()) {
      return;
    }
    lines.add("");
    TextTable table = new TextTable("SITE", "DATASTORE", "FREE", "OF", "FULL");
    for (RoomStatus store : status.room()) {
      Long left = store.fullInSeconds();
      table.row(
          store.site(),
          store.datastore(),
          Words.ofBytes(store.freeBytes()),
          Words.ofBytes(store.capacityBytes()),
          left == null ? "-" : "in " + Words.of(Duration.ofSeconds(left)));
    }
    lines.addAll(table.lines());
  }

  private void vms() {
    if (!status.registry().serves()) {
      lines.add("The registry does not answer: states, restore points and holds are not known.");
      return;
    }
    if (status.vms().isEmpty()) {
      lines.add("No VM is protected yet. `switchback start --help` shows how to begin.");
      return;
    }
    TextTable table =
        new TextTable(
            "VM", "SITES", "STATE", "OPERATION", "REPLICATION", "NEWEST POINT", "RPO", "POINTS");
    for (VmStatus vm : status.vms()) {
      RestorePoint newest = vm.newestRestorePoint();
      table.row(
          vm.vm(),
          vm.production().site() + " → " + vm.recovery().site(),
          vm.state().name(),
          operation(vm.operation()),
          vm.state() == ReplicaState.PERMANENT ? "ended" : replication(vm.replication()),
          newest == null ? "-" : newest.id(),
          rpo(vm),
          Integer.toString(vm.restorePoints()));
    }
    lines.addAll(table.lines());
    for (VmStatus vm : status.vms()) {
      Double age = vm.rpoSeconds();
      if (vm.rpoOver() && age != null) {
        lines.add(
            "  %s: newest restore point is %s old, its objective is %s"
                .formatted(vm.vm(), words(age), words(vm.rpoObjectiveSeconds())));
      }
      for (TransferStatus transfer : vm.replication().transfers()) {
        lines.add("  %s: sends %s: %s".formatted(vm.vm(), transfer.disk(), transfer.words()));
      }
      if (!vm.replication().waitsFor().isEmpty()) {
        lines.add("  %s: waits for %s".formatted(vm.vm(), vm.replication().waitsFor()));
      }
      IsolatedStatus isolated = vm.isolated();
      if (isolated != null) {
        lines.add(
            "  %s: off its networks since %s ago: %s"
                .formatted(vm.vm(), ago(isolated.since()), isolated.vm()));
        lines.add("    back with: " + isolated.answer());
      }
      lines.addAll(OpenFailback.lines(vm.vm(), vm.replicaId(), vm.failback(), status.at()));
      window(vm);
      if (!vm.marked().isEmpty()) {
        lines.add("  %s: marked: %s".formatted(vm.vm(), vm.marked()));
      }
      if (isReplicated(vm) && !vm.replication().problem().isEmpty()) {
        lines.add("  %s: last cycle failed: %s".formatted(vm.vm(), vm.replication().problem()));
      }
    }
  }

  /**
   * A cycle that an operation preempted by its hold, or that a permanent failover was the end of,
   * came to nothing, too; that is no problem.
   */
  private static boolean isReplicated(VmStatus vm) {
    return vm.replication().hold().isEmpty() && vm.state() != ReplicaState.PERMANENT;
  }

  private void groups() {
    if (status.groups().isEmpty()) {
      return;
    }
    TextTable table = new TextTable("GROUP", "VMS", "NEWEST POINT", "POINTS");
    for (GroupStatus group : status.groups()) {
      table.row(
          group.group(),
          String.join(", ", group.vms()),
          group.newestRestorePoint().isEmpty() ? "-" : group.newestRestorePoint(),
          Integer.toString(group.restorePoints()));
    }
    lines.add("");
    lines.addAll(table.lines());
    for (GroupStatus group : status.groups()) {
      if (!group.problem().isEmpty()) {
        lines.add("  %s: no restore point: %s".formatted(group.group(), group.problem()));
      }
    }
  }

  private void networks() {
    TextTable table = new TextTable("NETWORK", "EXTENDED TO", "FOR", "RECOVERY", "PRODUCTION");
    List<String> troubles = new ArrayList<>();
    for (NetworkStatus network : status.networks()) {
      table.row(
          "%s (%s)".formatted(network.network(), network.productionSite()),
          "%s (%s)".formatted(network.recoveryNetwork(), network.recoverySite()),
          network.vms().isEmpty() ? "nobody; is being removed" : String.join(", ", network.vms()),
          condition(network.recoverySide()),
          condition(network.productionSide()));
      trouble(network, "recovery", network.recoverySide()).ifPresent(troubles::add);
      trouble(network, "production", network.productionSide()).ifPresent(troubles::add);
      if (!network.taken().isEmpty()) {
        troubles.add(
            "  %s: closed for %s: another machine at %s has it"
                .formatted(
                    network.network(),
                    String.join(", ", network.taken()),
                    network.productionSite()));
      }
    }
    section(table);
    lines.addAll(troubles);
  }

  private static String condition(SideStatus side) {
    return side.condition().isEmpty() ? "not looked at yet" : side.condition();
  }

  private static Optional<String> trouble(NetworkStatus network, String name, SideStatus side) {
    return side.condition().isEmpty() || side.condition().equals(Condition.UP.name())
        ? Optional.empty()
        : Optional.of(
            "  %s: %s side: %s (run '%s')"
                .formatted(network.network(), name, side.detail(), network.workflowId()));
  }

  private void window(VmStatus vm) {
    WindowStatus window = vm.window();
    if (window == null) {
      return;
    }
    String what = window.of() == Undoable.FAILOVER ? "failover" : "failback";
    lines.add(
        "  %s: its %s is %s by itself %s (window of %s%s)"
            .formatted(
                vm.vm(),
                what,
                window.atEnd() == WindowEnd.COMMIT ? "committed" : "undone",
                window.remainingSeconds() > 0
                    ? "at %s, in %s".formatted(window.endsAt(), words(window.remainingSeconds()))
                    : "since %s; run window/%s says why it is not yet"
                        .formatted(window.endsAt(), vm.replicaId()),
                window.by(),
                window.extensions() == 0
                    ? ""
                    : ", put off %d times by its probes".formatted(window.extensions())));
    window.commands().forEach(command -> lines.add("    or: " + command));
  }

  /** The age is of a point that a replica on hold, which may serve meanwhile, has left behind. */
  private static String rpo(VmStatus vm) {
    Double age = vm.rpoSeconds();
    if (age == null) {
      return "-";
    }
    String mark = vm.rpoOver() ? "OVER " : vm.replication().hold().isEmpty() ? "" : "on hold, ";
    return mark + words(age);
  }

  private static String words(double seconds) {
    return Words.of(Duration.ofMillis((long) (seconds * 1000)));
  }

  private static String operation(@Nullable HolderStatus holder) {
    if (holder == null) {
      return "-";
    }
    if (holder.parked() != null) {
      return "%s: PARKED at %s".formatted(holder.operation(), holder.parked().step());
    }
    if (!holder.problem().isEmpty()) {
      return holder.operation()
          + ": "
          + (holder.problem().contains("reconcile") ? "RUN GONE" : "?");
    }
    return holder.step().isEmpty()
        ? holder.operation()
        : "%s: %s".formatted(holder.operation(), holder.step());
  }

  private static String replication(ReplicationState replication) {
    if (!replication.hold().isEmpty()) {
      return "on hold (" + replication.hold() + ")";
    }
    if (Boolean.FALSE.equals(replication.running())) {
      return "NOT RUNNING";
    }
    if (!replication.waitsFor().isEmpty()) {
      return "waits for a place";
    }
    String every = "every " + Words.of(Duration.ofSeconds(replication.intervalSeconds()));
    return replication.problem().isEmpty() ? every : "PROBLEM";
  }

  /** By run and VM, so that a member that both halves know is told once. */
  private void decisions() {
    Map<String, ParkedStatus> waiting = new LinkedHashMap<>();
    for (RunStatus run : status.runs()) {
      for (MemberPhase member : run.members()) {
        if (member.parked() != null) {
          waiting.put(member.vm() + "/" + member.parked().step(), member.parked());
        }
      }
    }
    for (VmStatus vm : status.vms()) {
      HolderStatus holder = vm.operation();
      if (holder != null && holder.parked() != null) {
        waiting.putIfAbsent(vm.vm() + "/" + holder.parked().step(), holder.parked());
      }
      if (holder != null && !holder.problem().isEmpty()) {
        lines.add(
            "  %s: %s holds it (run '%s', started by %s): %s"
                .formatted(
                    vm.vm(),
                    holder.operation(),
                    holder.workflowId(),
                    holder.by(),
                    holder.problem()));
      }
    }
    for (ParkedStatus parked : waiting.values()) {
      lines.add("");
      lines.add(
          "%s waits for you at step '%s': %s"
              .formatted(parked.vm(), parked.step(), parked.message()));
      parked.answers().forEach(command -> lines.add("  " + command));
    }
  }

  private void runs() {
    if (status.runs().isEmpty()) {
      return;
    }
    TextTable table = new TextTable("RUN", "OPERATION", "SINCE", "VMS");
    for (RunStatus run : status.runs()) {
      List<String> members =
          run.members().stream().map(member -> member.vm() + " " + member.phase()).toList();
      table.row(
          run.workflowId(),
          run.type(),
          ago(run.begunAt()),
          run.problem().isEmpty() ? String.join("; ", members) : run.problem());
    }
    section(table);
    status.runs().stream()
        .map(RunStatus::link)
        .filter(Objects::nonNull)
        .forEach(link -> lines.add("  " + link));
  }

  private void sites() {
    TextTable table = new TextTable("SITE", "STARTING", "TRANSFERS", "LAB ADDRESS");
    for (SiteStatus site : status.sites()) {
      table.row(
          site.site(),
          "%d of %d".formatted(site.starting(), site.startingAtMost()),
          "%d of %d".formatted(site.transferring(), site.transferringAtMost()),
          site.address() == null ? "-" : site.address());
    }
    section(table);
  }

  private void workers() {
    TextTable table = new TextTable("QUEUE", "WORKER", "BUILD", "GREETED");
    for (Greeting worker : status.workers()) {
      table.row(worker.queue(), worker.worker(), worker.build(), ago(worker.at()) + " ago");
    }
    section(table);
  }

  private void builds() {
    TextTable table = new TextTable("PINNED BUILD", "RUNS", "PARKED", "");
    for (BuildStatus build : status.builds()) {
      table.row(
          build.build(),
          Integer.toString(build.runs()),
          Integer.toString(build.parked()),
          build.current() ? "current" : "keep its workers until these runs end");
    }
    section(table);
  }

  private void services() {
    lines.add("");
    service("Temporal", status.temporal());
    if (status.temporal().ui() != null) {
      lines.add("          UI " + status.temporal().ui());
    }
    service("Registry", status.registry());
  }

  private void service(String name, ServiceStatus service) {
    lines.add(
        "%-9s %s"
            .formatted(
                name,
                service.address().isEmpty()
                    ? "not known here"
                    : "%s (%s)%s"
                        .formatted(
                            service.address(),
                            service.kind(),
                            service.serves() ? "" : ": does not answer")));
  }

  private void section(TextTable table) {
    if (!table.isEmpty()) {
      lines.add("");
      lines.addAll(table.lines());
    }
  }

  private String ago(Instant at) {
    return Words.of(Duration.between(at, status.at()));
  }
}
