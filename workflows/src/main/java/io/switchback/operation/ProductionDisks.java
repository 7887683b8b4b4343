package io.switchback.operation;

import io.switchback.model.DiskPair;
import io.switchback.model.VmRef;
import io.switchback.port.GrantActivities.GrantRead;
import io.switchback.port.GrantActivities.SignedGrant;
import io.switchback.port.SiteActivities.Hello;
import io.switchback.port.TransferActivities.Stream;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the transfers of a cycle reach production's disks: where production's workers serve them,
 * over a stream with a grant; else by path.
 */
final class ProductionDisks {
  private final Ports ports;
  private @Nullable String dataAddress;

  ProductionDisks(Ports ports) {
    this.ports = ports;
  }

  /** Asks production's workers where they serve their disks. */
  void find(VmRef production) {
    dataAddress =
        ports
            .site(production.site(), "Where are the disks of " + production.name() + " served?")
            .hello(new Hello(production.site()))
            .dataAddress();
  }

  /**
   * Copies one disk. A copy that outlives its grant and then breaks goes on under another one.
   *
   * @param request made anew, with a higher fence, each time
   */
  Transferred send(String summary, Supplier<TransferDisk> request) {
    while (true) {
      TransferDisk one = request.get();
      String site = one.recovery().site();
      String address = dataAddress;
      if (address == null) {
        return ports.transfers(site, summary).transferDisk(one);
      }
      SignedGrant grant = ports.grants().grantRead(read(one, one.disk(), site));
      try {
        return ports
            .transfers(site, summary)
            .transferDisk(one.by(new Stream(address, grant.text())));
      } catch (ActivityFailure failure) {
        boolean isCancelled = failure.getCause() instanceof CanceledFailure;
        if (isCancelled || RunClock.now().isBefore(grant.expiresAt())) {
          throw failure;
        }
      }
    }
  }

  private static GrantRead read(TransferDisk request, DiskPair disk, String holder) {
    return new GrantRead(
        request.mandate(),
        request.production(),
        disk.productionDisk(),
        request.snapshot(),
        disk.capacityBytes(),
        holder);
  }
}
