package io.switchback.operation;

import io.switchback.fault.Failures;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.Sheet;
import io.switchback.port.SheetActivities.WriteSheet;
import io.switchback.port.WatchActivities.DescribeSheet;
import io.temporal.failure.ActivityFailure;

/** Keeps a replica's break-glass sheet as new as its restore points. */
final class SheetWriter {
  private final Ports ports;

  SheetWriter(Ports ports) {
    this.ports = ports;
  }

  /** Writes the sheet; answers why it could not, empty when it could: the next cycle writes it. */
  String write(Replica replica, Mandate mandate) {
    try {
      Sheet sheet = ports.watch().describeSheet(new DescribeSheet(replica.id()));
      var _ =
          ports
              .sheets(replica.recovery().site(), "Break-glass sheet of " + replica.name())
              .writeSheet(new WriteSheet(mandate, sheet));
      return "";
    } catch (ActivityFailure failure) {
      Cancellation.rethrow(failure);
      return "could not write the break-glass sheet: " + Failures.toFault(failure).sentence();
    }
  }
}
