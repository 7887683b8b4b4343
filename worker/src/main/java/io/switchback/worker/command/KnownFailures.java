package io.switchback.worker.command;

import io.grpc.StatusRuntimeException;
import io.switchback.delta.trust.TrustException;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lab.LabException;
import io.switchback.lab.LabFault;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.TemporalFailures;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowServiceException;
import java.util.Optional;
import org.springframework.beans.factory.BeanCreationException;

/** Failures of the services that a person can put right, as refusals. */
final class KnownFailures {
  private KnownFailures() {}

  /** The refusal that says the same; empty when the failure is a mistake of ours. */
  static Optional<Refusal> refusal(Throwable failure) {
    return switch (failure) {
      case Refusal refusal -> Optional.of(refusal);
      case FaultException fault ->
          Optional.of(new Refusal(exitCode(fault.fault()), fault.sentence(), fault));
      case LabException lab ->
          Optional.of(
              new Refusal(
                  lab.is(LabFault.UNREACHABLE) ? ExitCode.UNREACHABLE : ExitCode.USAGE,
                  String.valueOf(lab.getMessage()),
                  lab));
      case TrustException trust ->
          Optional.of(new Refusal(ExitCode.USAGE, String.valueOf(trust.getMessage()), trust));
      case StatusRuntimeException grpc -> Optional.of(temporal(grpc));
      case WorkflowServiceException service -> Optional.of(temporal(service));
      case WorkflowException run ->
          Optional.of(
              new Refusal(
                  ExitCode.USAGE,
                  "Temporal refused: %s. `switchback status` lists the runs that go on."
                      .formatted(TemporalFailures.sentence(run)),
                  run));
      case BeanCreationException wiring -> whileWired(wiring);
      default -> Optional.empty();
    };
  }

  /** What a worker refuses while it is put together. */
  private static Optional<Refusal> whileWired(BeanCreationException wiring) {
    for (Throwable cause = wiring; cause != null; cause = cause.getCause()) {
      if (cause instanceof Refusal refusal) {
        return Optional.of(refusal);
      }
    }
    return Optional.empty();
  }

  private static Refusal temporal(Throwable failure) {
    return Refusal.unreachable(
        "Could not go on: %s. Look whether it runs (`switchback temporal status`), then try again."
            .formatted(TemporalFailures.sentence(failure)),
        failure);
  }

  private static ExitCode exitCode(Fault fault) {
    return switch (fault) {
      case REGISTRY_UNAVAILABLE, SITE_UNREACHABLE, NO_WORKER -> ExitCode.UNREACHABLE;
      case UNEXPECTED -> ExitCode.INTERNAL;
      default -> ExitCode.USAGE;
    };
  }
}
