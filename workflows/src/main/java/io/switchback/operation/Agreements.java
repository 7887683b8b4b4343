package io.switchback.operation;

import io.switchback.model.CheckOverride;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * On whose word a run goes on against failed checks. What was given beforehand holds for whatever
 * the check finds; what is given to a run that waits holds for what the person was told.
 */
final class Agreements {
  private final List<CheckOverride> given;
  private final Map<String, CheckOverride> forWhatever = new HashMap<>();
  private final Map<Finding, CheckOverride> forThis = new HashMap<>();
  private final Set<Finding> used = new HashSet<>();

  /**
   * @param beforehand those that came with the input
   */
  Agreements(List<CheckOverride> beforehand) {
    given = new ArrayList<>(beforehand);
    beforehand.forEach(word -> forWhatever.putIfAbsent(word.check(), word));
  }

  /** Whose word lets the run go on against what {@code check} has found. */
  Optional<CheckOverride> on(String check, String found) {
    CheckOverride word = forThis.get(new Finding(check, found));
    return Optional.ofNullable(word == null ? forWhatever.get(check) : word);
  }

  /** Whether the run goes on against that for the first time. */
  boolean isFirstUse(String check, String found) {
    return used.add(new Finding(check, found));
  }

  /** Somebody who was told of it lets the run go on. */
  void agree(String found, CheckOverride word) {
    given.add(word);
    if (Checks.changeMeanwhile(word.check())) {
      forThis.put(new Finding(word.check(), found), word);
    } else {
      forWhatever.putIfAbsent(word.check(), word);
    }
  }

  /** Every one that came with the input or was given. */
  List<CheckOverride> all() {
    return List.copyOf(given);
  }

  private record Finding(String check, String found) {}
}
