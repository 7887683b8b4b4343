package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.time.Instant;
import java.util.Map;

/** Admission leases of a {@link FakeRegistry}. */
class FakeAdmissionActivities implements AdmissionActivities {
  final FakeRegistry registry;

  FakeAdmissionActivities(FakeRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Done admit(Admit request) {
    return registry
        .script()
        .run(
            "admit",
            request.site(),
            () -> {
              synchronized (registry) {
                registry.answer();
                Map<String, Instant> leases = registry.leases(request.site(), request.cap());
                leases.values().removeIf(until -> !until.isAfter(registry.now()));
                boolean isNew = !leases.containsKey(request.holder());
                if (isNew && leases.size() >= registry.cap(request.site(), request.cap())) {
                  throw new FaultException(
                      Fault.NO_ADMISSION,
                      "Could not begin %s at site '%s': %d are at it already. Waits for room."
                          .formatted(request.cap(), request.site(), leases.size()));
                }
                lease(leases, request);
                return new Done(isNew, Attempts.current());
              }
            });
  }

  void lease(Map<String, Instant> leases, Admit request) {
    leases.put(request.holder(), registry.now().plus(request.limit()));
    registry.note(Effect.by(request.holder(), "admit", request.site()));
  }

  @Override
  public Done dismiss(Dismiss request) {
    return registry
        .script()
        .run(
            "dismiss",
            request.site(),
            () -> {
              synchronized (registry) {
                registry.answer();
                boolean changed =
                    registry.leases(request.site(), request.cap()).remove(request.holder()) != null;
                if (changed) {
                  registry.note(Effect.by(request.holder(), "dismiss", request.site()));
                }
                return new Done(changed, Attempts.current());
              }
            });
  }
}
