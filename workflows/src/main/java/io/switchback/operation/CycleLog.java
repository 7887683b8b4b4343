package io.switchback.operation;

import io.switchback.model.RestorePoint;
import io.switchback.model.VmRef;
import io.switchback.port.TransferActivities.Progress;
import io.switchback.port.TransferActivities.Transferred;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people see of the cycles of one VM: the one that runs, and how the last one ended. */
final class CycleLog {
  private final Runnable shown;
  private String vm;
  private long number;
  private String phase = "begins";
  private @Nullable Sending sending;
  private @Nullable RestorePoint newest;
  private long sentBytes;
  private List<String> rungs = List.of();
  private String problem = "";

  /**
   * @param shown called whenever there is something new to show
   */
  CycleLog(String vm, Runnable shown) {
    this.vm = vm;
    this.shown = shown;
  }

  /**
   * The transfer that runs.
   *
   * @param progress what it told last; null before it did
   */
  private record Sending(VmRef replica, String disk, @Nullable Progress progress) {}

  void begin(String name, long cycle) {
    vm = name;
    number = cycle;
  }

  /** The VM has another name from now on. */
  void renamed(String name) {
    vm = name;
  }

  /** Name of the VM now. */
  String vm() {
    return vm;
  }

  void show(String now) {
    phase = now;
    sending = null;
    shown.run();
  }

  void sends(String productionDisk, VmRef replica, String disk) {
    show("sends disk " + productionDisk);
    sending = new Sending(replica, disk, null);
  }

  /** Shows it, when it is of the transfer that runs: others are late. */
  void progressed(Progress news) {
    Sending now = sending;
    if (now != null && now.replica().equals(news.replica()) && now.disk().equals(news.disk())) {
      sending = new Sending(now.replica(), now.disk(), news);
      shown.run();
    }
  }

  void waitFor(String what) {
    show("waits: " + what);
  }

  void failed(String why) {
    problem = why;
    show("will be tried again");
  }

  /** Why the cycle came to nothing, or was not all that it was to be; empty when nothing is. */
  void problem(String why) {
    problem = why;
  }

  String problem() {
    return problem;
  }

  void made(RestorePoint point, List<Transferred> sent) {
    newest = point;
    sentBytes = bytes(sent);
    rungs =
        sent.stream()
            .map(t -> t.disk() + ": " + t.rung() + ", " + t.reason() + "; " + t.way())
            .toList();
  }

  static long bytes(List<Transferred> sent) {
    return sent.stream().mapToLong(Transferred::sentBytes).sum();
  }

  @Nullable RestorePoint newest() {
    return newest;
  }

  ReplicationStatus status() {
    return new ReplicationStatus(
        vm, phase(), number, newest, sentBytes, rungs, problem, RunClock.now());
  }

  /** What it does, and why the last one came to nothing. */
  String words() {
    return "cycle " + number + ": " + phase() + (problem.isEmpty() ? "" : "; " + problem);
  }

  private String phase() {
    Sending now = sending;
    Progress told = now == null ? null : now.progress();
    return told == null ? phase : phase + ": " + told.words();
  }
}
