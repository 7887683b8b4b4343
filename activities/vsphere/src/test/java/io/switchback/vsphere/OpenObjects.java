package io.switchback.vsphere;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What was made for a session and lives until it is destroyed or the session ends. */
final class OpenObjects {
  private static final Set<String> MAKE =
      Set.of(
          "CreateContainerView",
          "CreatePropertyCollector",
          "CreateFilter",
          "CreateCollectorForTasks",
          "CreateCollectorForEvents");
  private static final Set<String> DESTROY =
      Set.of(
          "DestroyView", "DestroyPropertyCollector", "DestroyPropertyFilter", "DestroyCollector");

  private final Map<String, Made> made = new ConcurrentHashMap<>();
  private final Map<String, String> ever = new ConcurrentHashMap<>();

  private record Made(String by, String within) {}

  /** Takes note of a call and its answer. */
  void note(String cookie, Message call, Message answer) {
    if (answer.isFault()) {
      return;
    }
    if (MAKE.contains(call.method())) {
      answer
          .first("returnval")
          .ifPresent(
              id -> {
                made.put(id, new Made(cookie, call.self()));
                ever.put(id, call.method());
              });
    } else if (DESTROY.contains(call.method())) {
      made.remove(call.self());
      made.values().removeIf(each -> each.within().equals(call.self()));
    }
  }

  /** A session has ended. */
  void endOf(String cookie) {
    made.values().removeIf(each -> each.by().equals(cookie));
  }

  /** By which method each was made, by its id, also of those that are gone. */
  Map<String, String> ever() {
    return Map.copyOf(ever);
  }

  Set<String> ids() {
    return new TreeSet<>(made.keySet());
  }
}
