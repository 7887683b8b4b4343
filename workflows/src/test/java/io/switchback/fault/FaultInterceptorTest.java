package io.switchback.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.port.Payloads;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a fault crosses from an activity to a run, and from a run to whoever asked. */
final class FaultInterceptorTest {
  private static final String QUEUE = "test";

  private final AtomicInteger attempts = new AtomicInteger();
  private TestWorkflowEnvironment temporal;

  /** A step that fails as it is told. */
  @ActivityInterface
  public interface Failing {
    String fail(String fault);
  }

  /** A run that does one step, and is steered. */
  @WorkflowInterface
  public interface Run {
    @WorkflowMethod
    String run(String fault);

    @UpdateMethod
    String answer(String answer);

    @UpdateValidatorMethod(updateName = "answer")
    void validateAnswer(String answer);
  }

  /** A run. */
  public static final class RunWorkflow implements Run {
    private String answer = "";

    @Override
    public String run(String fault) {
      if (fault.equals("wait")) {
        Workflow.await(() -> !answer.isEmpty());
        return answer;
      }
      if (fault.equals("here")) {
        throw new FaultException(Fault.INVALID_INPUT, "Nothing was changed.");
      }
      return Workflow.newActivityStub(
              Failing.class,
              ActivityOptions.newBuilder()
                  .setStartToCloseTimeout(Duration.ofSeconds(10))
                  .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(3).build())
                  .build())
          .fail(fault);
    }

    @Override
    public String answer(String given) {
      if (given.equals("late")) {
        throw new FaultException(Fault.REFUSED, "It is too late for that.");
      }
      answer = given;
      return given;
    }

    @Override
    public void validateAnswer(String given) {
      if (given.equals("nonsense")) {
        throw new FaultException(Fault.REFUSED, "'nonsense' is no answer. Allowed now: retry");
      }
    }
  }

  @BeforeEach
  void open() {
    temporal =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter())
                        .build())
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(new FaultInterceptor())
                        .build())
                .build());
    Worker worker = temporal.newWorker(QUEUE);
    worker.registerWorkflowImplementationTypes(RunWorkflow.class);
    worker.registerActivitiesImplementations(
        (Failing)
            fault -> {
              attempts.incrementAndGet();
              if (fault.equals("bug")) {
                throw new IllegalStateException("a bug");
              }
              throw new FaultException(Fault.valueOf(fault), "Could not: because.");
            });
    temporal.start();
  }

  @AfterEach
  void close() {
    temporal.close();
  }

  @Test
  void aFaultThatMayPassIsTriedAgainAndComesWithItsLastAttempt() {
    FaultException fault = Failures.toFault(failureOf("SITE_UNREACHABLE"));

    assertThat(attempts).hasValue(3);
    assertThat(fault.fault()).isEqualTo(Fault.SITE_UNREACHABLE);
    assertThat(fault.sentence()).isEqualTo("Could not: because.");
    assertThat(fault.attempt()).isEqualTo(3);
  }

  @Test
  void aFaultThatAPersonMustMendIsNotTriedAgain() {
    FaultException fault = Failures.toFault(failureOf("NO_CAPACITY"));

    assertThat(attempts).hasValue(1);
    assertThat(fault.fault()).isEqualTo(Fault.NO_CAPACITY);
  }

  @Test
  void aBugInAnActivityIsTriedAgainAndStaysABug() {
    Throwable failure = failureOf("bug");

    assertThat(attempts).hasValue(3);
    assertThat(failure).isInstanceOf(ActivityFailure.class);
    assertThat(((ApplicationFailure) failure.getCause()).getType())
        .isEqualTo(IllegalStateException.class.getName());
    assertThat(Failures.toFault(failure).fault()).isEqualTo(Fault.UNEXPECTED);
  }

  @Test
  void aFaultInARunEndsTheRunWithItsSentence() {
    ApplicationFailure failure = (ApplicationFailure) failureOf("here");

    assertThat(failure.getType()).isEqualTo("INVALID_INPUT");
    assertThat(failure.getOriginalMessage()).isEqualTo("Nothing was changed.");
  }

  @Test
  void aRefusedUpdateIsASentenceWithoutAStackTraceAndTheRunGoesOn() {
    Run run = started();

    WorkflowUpdateException refused =
        catchThrowableOfType(WorkflowUpdateException.class, () -> run.answer("nonsense"));

    ApplicationFailure failure = (ApplicationFailure) refused.getCause();
    assertThat(failure.getOriginalMessage())
        .isEqualTo("'nonsense' is no answer. Allowed now: retry");
    assertThat(Payloads.converter().exceptionToFailure(failure).getStackTrace()).isEmpty();
    assertThat(run.answer("retry")).isEqualTo("retry");
  }

  @Test
  void aFaultInAnUpdateFailsTheUpdateAndTheRunGoesOn() {
    Run run = started();

    WorkflowUpdateException failed =
        catchThrowableOfType(WorkflowUpdateException.class, () -> run.answer("late"));

    assertThat(((ApplicationFailure) failed.getCause()).getType()).isEqualTo("REFUSED");
    assertThat(run.answer("retry")).isEqualTo("retry");
  }

  private Throwable failureOf(String fault) {
    Run run = stub();
    WorkflowException failed =
        catchThrowableOfType(WorkflowFailedException.class, () -> run.run(fault));
    return failed.getCause();
  }

  private Run started() {
    Run run = stub();
    io.temporal.client.WorkflowClient.start(run::run, "wait");
    return run;
  }

  private Run stub() {
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(Run.class, WorkflowOptions.newBuilder().setTaskQueue(QUEUE).build());
  }
}
