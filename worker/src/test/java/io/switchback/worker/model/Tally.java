package io.switchback.worker.model;

import io.switchback.operation.Outcome;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How often each operation has ended in which way. */
final class Tally {
  private final Map<String, Map<Outcome, Integer>> ends = new TreeMap<>();

  void count(Deed deed, Outcome outcome) {
    var _ = ends.computeIfAbsent(words(deed), _ -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
  }

  /** The operations that were done at least once. */
  Set<String> done() {
    return ends.entrySet().stream()
        .filter(one -> one.getValue().containsKey(Outcome.DONE))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  static String words(Deed deed) {
    return deed.type() + (deed.type().equals("Failback") ? " to " + deed.to() : "");
  }

  @Override
  public String toString() {
    return ends.entrySet().stream()
        .map(one -> "  " + one.getKey() + " " + one.getValue())
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
