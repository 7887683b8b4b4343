package io.switchback.port;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs of one workflow id in memory. */
class FakeRunActivities implements RunActivities {
  final List<String> runs = new ArrayList<>();
  final Set<String> closed = new HashSet<>();

  @Override
  public RunView lookAtRun(LookAtRun request) {
    if (!runs.contains(request.runId()) && runs.stream().allMatch(closed::contains)) {
      return new RunView(Liveness.UNKNOWN, "no such run");
    }
    for (String run : counted(request)) {
      if (!closed.contains(run)) {
        return new RunView(Liveness.LIVE, "run " + run);
      }
    }
    return new RunView(Liveness.CLOSED, "terminated");
  }

  List<String> counted(LookAtRun request) {
    return runs.stream().filter(run -> !run.equals(request.askingRunId())).toList();
  }
}
