package io.switchback.operation;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import org.jspecify.annotations.Nullable;

/** What every run over many replicas offers: its status, and answers to its parked members. */
public interface MemberWatch {
  /** Name of the signal by which members tell where they are. */
  String SIGNAL = "memberReports";

  /** Where every member is. */
  @QueryMethod(name = "status", description = "Where every VM is, and what parked ones wait for")
  OperationStatus status();

  /** Answers parked members; returns who was answered. */
  @UpdateMethod(
      name = "answer",
      description =
          "Answer parked VMs, e.g. {\"vm\":\"*\",\"step\":\"powerOn\",\"answer\":\"retry\"};"
              + " answers: retry, acknowledge, skip, abort, reconcile")
  String answer(@Nullable Answer answer);

  /** Refuses an answer that fits no parked member. */
  @UpdateValidatorMethod(updateName = "answer")
  void validateAnswer(@Nullable Answer answer);

  /** Members tell where they are; not for people. */
  @SignalMethod(name = SIGNAL, description = "Members tell where they are; not for people")
  void memberReports(MemberReport report);
}
