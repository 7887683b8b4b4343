package io.switchback.appliance;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;

/** Runs scripts on appliances, and says in the words of {@link Fault} how they failed. */
final class ApplianceCommands {
  /** What the scripts end with; 0 is success. */
  private static final int UNFIT = 70;

  private static final int OUTDATED = 71;
  private static final int HELD = 72;
  private static final int TAKEN = 73;
  private static final int NOT_STARTED = 74;

  private final Ssh ssh;

  ApplianceCommands(Ssh ssh) {
    this.ssh = ssh;
  }

  /**
   * Runs {@code script} and answers what it printed.
   *
   * @param couldNot what it does, as a message says it before the appliance's name
   * @throws FaultException as {@link ApplianceTunnels} says, by the script's exit code
   */
  String run(String couldNot, Appliance appliance, ApplianceScript script) {
    try (SshSession session = ssh.open(appliance)) {
      CommandOutcome outcome = session.run("/bin/sh -s", script.text());
      if (outcome.exitCode() == 0 && !outcome.isCut()) {
        return outcome.output();
      }
      throw new FaultException(
          fault(outcome.exitCode()),
          "Could not %s %s: %s."
              .formatted(
                  couldNot,
                  appliance.words(),
                  outcome.isCut()
                      ? "it printed more than can be read"
                      : outcome.complaint().isEmpty()
                          ? "the command ended with exit code " + outcome.exitCode()
                          : outcome.complaint()));
    }
  }

  private static Fault fault(int exitCode) {
    return switch (exitCode) {
      case UNFIT -> Fault.APPLIANCE_UNFIT;
      case OUTDATED -> Fault.FENCED;
      case HELD -> Fault.BUSY;
      case TAKEN -> Fault.REFUSED;
      case NOT_STARTED -> Fault.APPLIANCE_UNFIT;
      default -> Fault.UNEXPECTED;
    };
  }
}
