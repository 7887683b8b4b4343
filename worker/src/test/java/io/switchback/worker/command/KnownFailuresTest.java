package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lab.LabException;
import io.switchback.lab.LabFault;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import org.junit.jupiter.api.Test;

class KnownFailuresTest {
  @Test
  void areAnsweredWithTheirOwnSentence() {
    assertThat(refusal(new FaultException(Fault.REGISTRY_UNAVAILABLE, "The registry is away.")))
        .hasMessage("The registry is away.")
        .extracting(Refusal::exitCode)
        .isEqualTo(ExitCode.UNREACHABLE);
    assertThat(refusal(new LabException(LabFault.NO_SUCH_VM, "No VM 'x' here.")))
        .hasMessage("No VM 'x' here.")
        .extracting(Refusal::exitCode)
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void sayWhatToDoWhenTemporalDoesNotAnswer() {
    assertThat(refusal(Status.UNAVAILABLE.asRuntimeException()))
        .hasMessageContaining("Temporal does not answer")
        .hasMessageContaining("switchback temporal status")
        .extracting(Refusal::exitCode)
        .isEqualTo(ExitCode.UNREACHABLE);
  }

  @Test
  void areNotOurOwnMistakes() {
    assertThat(KnownFailures.refusal(new IllegalStateException("a bug"))).isEmpty();
  }

  private static Refusal refusal(RuntimeException failure) {
    return KnownFailures.refusal(failure).orElseThrow();
  }
}
