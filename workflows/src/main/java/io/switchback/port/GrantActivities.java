package io.switchback.port;

import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;

/**
 * Signs what one transfer may do, at the control side: no worker serves a disk without it. Runs on
 * the queue {@code switchback}.
 */
@ActivityInterface
public interface GrantActivities {

  /**
   * Signs that workers of one site may read one disk of a snapshot, under the mandate's fence.
   * Changes nothing. Milliseconds.
   *
   * @throws io.switchback.fault.FaultException NOT_CONFIGURED when this worker has no key to sign
   *     with
   */
  SignedGrant grantRead(GrantRead request);

  /**
   * Asks for a grant to read.
   *
   * @param snapshot of {@code vm}
   * @param holder site whose workers may use it
   */
  record GrantRead(
      Mandate mandate, VmRef vm, String disk, String snapshot, long capacityBytes, String holder) {}

  /**
   * A grant. It is no secret: only who shows a certificate of the holder's site can use it.
   *
   * @param text its bytes in Base64
   * @param expiresAt from then on it opens no stream; one that is open goes on
   */
  record SignedGrant(String text, Instant expiresAt) {}
}
