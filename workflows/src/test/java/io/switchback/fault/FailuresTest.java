package io.switchback.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.RetryState;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.failure.TimeoutFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FailuresTest {
  private static final String SENTENCE =
      "Could not power on vm 'db-1' (vm-1042) at site 'berlin': no host has 16 GiB free.";

  @ParameterizedTest
  @EnumSource
  void onlyAFaultThatMayPassIsTriedAgain(Fault fault) {
    ApplicationFailure failure = Failures.toFailure(new FaultException(fault, SENTENCE), 1);

    assertThat(failure.isNonRetryable()).isEqualTo(fault.remedy() != Remedy.RETRY);
  }

  @ParameterizedTest
  @EnumSource
  void faultSentenceAndAttemptComeBackAsTheyWere(Fault fault) {
    ApplicationFailure failure = Failures.toFailure(new FaultException(fault, SENTENCE), 4);

    FaultException back = Failures.toFault(inAnActivity(failure));

    assertThat(back.fault()).isEqualTo(fault);
    assertThat(back.sentence()).isEqualTo(SENTENCE);
    assertThat(back.attempt()).isEqualTo(4);
  }

  @Test
  void aFailureShowsNoStackTraceAboveItsSentence() {
    ApplicationFailure failure =
        Failures.toFailure(new FaultException(Fault.DATASTORE_FULL, SENTENCE), 1);

    assertThat(failure.getStackTrace()).isEmpty();
    assertThat(failure.getOriginalMessage()).isEqualTo(SENTENCE);
    assertThat(failure.getType()).isEqualTo("DATASTORE_FULL");
  }

  @Test
  void aFaultThatNeverCrossedABoundaryIsItself() {
    FaultException fault = new FaultException(Fault.REFUSED, SENTENCE);

    assertThat(Failures.toFault(fault)).isSameAs(fault);
  }

  @Test
  void aFailureWithoutAFaultIsUnexpectedAndSaysWhatItWas() {
    ApplicationFailure failure =
        ApplicationFailure.newFailure("index 3 of 2", "java.lang.IndexOutOfBoundsException");

    FaultException back = Failures.toFault(inAnActivity(failure));

    assertThat(back.fault()).isEqualTo(Fault.UNEXPECTED);
    assertThat(back.sentence()).isEqualTo("java.lang.IndexOutOfBoundsException: index 3 of 2");
  }

  @Test
  void anythingElseIsUnexpected() {
    FaultException back = Failures.toFault(new IllegalStateException("odd"));

    assertThat(back.fault()).isEqualTo(Fault.UNEXPECTED);
    assertThat(back.sentence()).isEqualTo("odd");
  }

  @Test
  void aStepThatNobodyTookNamesItAndAsksForAWorker() {
    FaultException back =
        Failures.toFault(
            inAnActivity(
                new TimeoutFailure("timed out", null, TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START)));

    assertThat(back.fault()).isEqualTo(Fault.NO_WORKER);
    assertThat(back.sentence()).contains("step 'PowerOnVm'", "Start a worker");
  }

  @Test
  void aWorkerThatFellSilentIsNamedAsSuch() {
    FaultException back =
        Failures.toFault(
            inAnActivity(
                new TimeoutFailure("timed out", null, TimeoutType.TIMEOUT_TYPE_HEARTBEAT)));

    assertThat(back.fault()).isEqualTo(Fault.UNEXPECTED);
    assertThat(back.sentence()).contains("step 'PowerOnVm'", "fell silent");
  }

  @Test
  void aChildThatDidNotEndInTimeIsNamed() {
    TimeoutFailure cause =
        new TimeoutFailure("timed out", null, TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE);

    FaultException back =
        Failures.toFault(
            new ChildWorkflowFailure(
                1,
                2,
                "PartialFailoverOfReplica",
                WorkflowExecution.getDefaultInstance(),
                "default",
                RetryState.RETRY_STATE_TIMEOUT,
                cause));

    assertThat(back.sentence()).contains("operation 'PartialFailoverOfReplica'", "limit");
  }

  private static ActivityFailure inAnActivity(Throwable cause) {
    return new ActivityFailure(
        "activity failed",
        1,
        2,
        "PowerOnVm",
        "id",
        RetryState.RETRY_STATE_NON_RETRYABLE_FAILURE,
        "worker",
        cause);
  }
}
