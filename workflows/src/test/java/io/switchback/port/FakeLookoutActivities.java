package io.switchback.port;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps which rules' loops would look. */
class FakeLookoutActivities implements LookoutActivities {
  private final Set<String> running = new HashSet<>();
  private final Map<String, Integer> started = new HashMap<>();
  private final List<String> looks = new ArrayList<>();

  /** Rule ids, each as often as its loop was told to look. */
  List<String> looks() {
    return List.copyOf(looks);
  }

  /** How often a loop of the rule was started. */
  int started(String ruleId) {
    return started.getOrDefault(ruleId, 0);
  }

  /** Starts the rule's loop, unless it runs. */
  void start(String ruleId) {
    if (running.add(ruleId)) {
      started.merge(ruleId, 1, Integer::sum);
    }
  }

  /** Lets the rule's loop come to its end. */
  void end(String ruleId) {
    running.remove(ruleId);
  }

  @Override
  public Done watchRule(WatchRule request) {
    start(request.ruleId());
    looks.add(request.ruleId());
    return new Done(true, Attempts.current());
  }
}
