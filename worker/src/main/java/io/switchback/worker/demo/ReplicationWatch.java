package io.switchback.worker.demo;

import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.switchback.port.TransferActivities.Progress;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.RunningTransfers;
import io.temporal.client.WorkflowClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Watches replication loops until each has made some restore points, with a bar of the bytes read.
 */
final class ReplicationWatch {
  private static final Duration BEAT = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final WorkflowClient temporal;
  private final RunningTransfers transfers;
  private final Narrator narrator;

  ReplicationWatch(WorkflowClient temporal, Narrator narrator) {
    this.temporal = temporal;
    this.transfers = new RunningTransfers(temporal);
    this.narrator = narrator;
  }

  /**
   * Answers what was seen of each replica, by VM name, once each has {@code points} restore points.
   */
  Map<String, Seen> until(Collection<Replica> replicas, int points) {
    Map<String, Seen> seen = new LinkedHashMap<>();
    replicas.forEach(replica -> seen.put(replica.name(), new Seen()));
    long total =
        replicas.stream().flatMap(r -> r.disks().stream()).mapToLong(d -> d.capacityBytes()).sum();
    long deadline = System.nanoTime() + LIMIT.toNanos();
    try (ProgressBar bar = bar(total)) {
      while (!seen.values().stream().allMatch(one -> one.points.size() >= points)) {
        if (System.nanoTime() > deadline) {
          throw Refusal.failed(
              "Replication has not made its restore points in time: " + problems(seen));
        }
        long read = 0;
        for (Replica replica : replicas) {
          read += look(replica, seen.computeIfAbsent(replica.name(), name -> new Seen()));
        }
        bar.stepTo(read);
        LockSupport.parkNanos(BEAT.toNanos());
      }
      bar.stepTo(total);
    }
    return seen;
  }

  /** Looks at a loop; answers how many bytes of the first copy have been read. */
  private long look(Replica replica, Seen seen) {
    long capacity = replica.disks().stream().mapToLong(disk -> disk.capacityBytes()).sum();
    try {
      ReplicationStatus status =
          temporal
              .newUntypedWorkflowStub(Replication.workflowId(replica.id()))
              .query("status", ReplicationStatus.class);
      RestorePoint newest = status.newest();
      if (newest != null && !seen.points.contains(newest)) {
        seen.points.add(newest);
        seen.sentBytes += status.sentBytes();
        narrator.line(
            "%-8s restore point %s, %,d bytes sent, %s"
                .formatted(
                    replica.name(),
                    newest.id(),
                    status.sentBytes(),
                    String.join("; ", status.rungs())));
      }
      seen.problem = status.problem();
      if (!seen.points.isEmpty()) {
        return capacity;
      }
      return transfers.of(Replication.workflowId(replica.id()), replica.recovery()).stream()
          .mapToLong(Progress::readBytes)
          .findFirst()
          .orElse(0L);
    } catch (RuntimeException notYet) {
      // The loop answers once a worker has taken it up.
      return seen.points.isEmpty() ? 0 : capacity;
    }
  }

  private static String problems(Map<String, Seen> seen) {
    List<String> lines = new ArrayList<>();
    seen.forEach(
        (vm, one) ->
            lines.add(
                vm
                    + ": "
                    + one.points.size()
                    + " points"
                    + (one.problem.isEmpty() ? "" : ", " + one.problem)));
    return String.join("; ", lines);
  }

  private ProgressBar bar(long total) {
    return new ProgressBarBuilder()
        .setTaskName("first copy")
        .setInitialMax(total)
        .setUnit(" MiB", 1 << 20)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(500)
        .setConsumer(
            narrator.isTerminal()
                ? new ConsoleProgressBarConsumer(narrator.out(), 100)
                : new DelegatingProgressBarConsumer(line -> {}))
        .build();
  }

  /** What was seen of one replica's replication. */
  static final class Seen {
    private final List<RestorePoint> points = new ArrayList<>();
    private long sentBytes;
    private String problem = "";

    /** Restore points, oldest first. */
    List<RestorePoint> points() {
      return List.copyOf(points);
    }

    /** Payload sent so far. */
    long sentBytes() {
      return sentBytes;
    }
  }
}
