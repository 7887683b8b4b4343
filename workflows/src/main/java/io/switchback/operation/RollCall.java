package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.fault.Failures;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.CatalogueActivities.RecordGreetings;
import io.switchback.port.Queues;
import io.switchback.port.SiteActivities.Greeting;
import io.switchback.port.SiteActivities.Hello;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who serves the sites of a run. A queue that nobody serves is named before anything is changed.
 */
final class RollCall {
  private final Map<String, Promise<Optional<FaultException>>> awaited = new LinkedHashMap<>();

  private RollCall() {}

  /**
   * Asks at every site, and waits for those that are needed. Nobody waits for the others:
   * production may be gone.
   *
   * @throws FaultException when a site that is needed cannot be used, with every such one
   */
  static RollCall of(Set<String> needed, Set<String> optional, Ports ports) {
    RollCall call = new RollCall();
    Map<String, Promise<Optional<FaultException>>> all = new LinkedHashMap<>();
    needed.forEach(site -> all.put(site, Async.function(() -> greeted(site, ports))));
    optional.stream()
        .filter(site -> !needed.contains(site))
        .forEach(site -> call.awaited.put(site, Async.function(() -> greeted(site, ports))));
    List<FaultException> unserved =
        all.values().stream().map(Promise::get).flatMap(Optional::stream).toList();
    if (!unserved.isEmpty()) {
      throw new FaultException(
          unserved.getFirst().fault(),
          "Nothing was changed, because a site cannot be used:"
              + unserved.stream().map(fault -> "\n  - " + fault.sentence()).collect(joining()));
    }
    return call;
  }

  /** What is to be said of the sites that nobody waited for. */
  List<String> notes() {
    return awaited.entrySet().stream().map(RollCall::note).flatMap(Optional::stream).toList();
  }

  private static Optional<String> note(Map.Entry<String, Promise<Optional<FaultException>>> asked) {
    return asked.getValue().isCompleted()
        ? asked.getValue().get().map(FaultException::sentence)
        : Optional.of("site '" + asked.getKey() + "' has not answered.");
  }

  private static Optional<FaultException> greeted(String site, Ports ports) {
    try {
      Greeting greeting = ports.hello(site).hello(new Hello(site));
      ports
          .catalogue("Keep who serves site " + site)
          .recordGreetings(new RecordGreetings(List.of(greeting)));
      return Optional.empty();
    } catch (ActivityFailure failure) {
      FaultException fault = Failures.toFault(failure);
      String why =
          fault.fault() == Fault.NO_WORKER
              ? "no worker polls its queue '%s'. Start one there, then start the run again."
                  .formatted(Queues.site(site))
              : fault.sentence();
      return Optional.of(new FaultException(fault.fault(), "site '" + site + "': " + why));
    }
  }
}
