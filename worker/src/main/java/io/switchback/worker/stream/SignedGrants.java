package io.switchback.worker.stream;

import io.switchback.delta.ByteRange;
import io.switchback.delta.trust.Grant;
import io.switchback.delta.trust.GrantSigner;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.trust.TransferFence;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.port.GrantActivities;
import io.switchback.worker.local.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;

/** Signs grants with the key of the control side. */
public final class SignedGrants implements GrantActivities {
  /** The longest that a grant may be good. */
  private static final Duration LASTING = Duration.ofHours(24);

  private final StreamTrust trust;
  private final InstantSource clock;

  public SignedGrants(StreamTrust trust, InstantSource clock) {
    this.trust = trust;
    this.clock = clock;
  }

  @Override
  public SignedGrant grantRead(GrantRead request) {
    Instant now = clock.instant();
    Grant grant =
        new Grant(
            transfer(request.mandate()),
            request.holder(),
            new GrantedDisk(
                request.vm().site(), request.vm().id(), request.disk(), request.snapshot()),
            Grant.Direction.READ,
            new ByteRange(0, request.capacityBytes()),
            fence(request.mandate().fence()),
            now,
            now.plus(LASTING));
    byte[] signed = signer(request).sign(grant);
    return new SignedGrant(Base64.getEncoder().encodeToString(signed), grant.expiresAt());
  }

  private GrantSigner signer(GrantRead request) {
    try {
      return trust.signer().orElseThrow(() -> refused(request, "this worker has no key"));
    } catch (Refusal unusable) {
      throw refused(request, String.valueOf(unusable.getMessage()));
    }
  }

  private static FaultException refused(GrantRead request, String why) {
    return new FaultException(
        Fault.NOT_CONFIGURED,
        "Could not sign a grant to read disk '%s' of %s: %s. Give every worker of the queue switchback the key with --grant-signing-key, then retry."
            .formatted(request.disk(), request.vm(), why));
  }

  private static String transfer(Mandate mandate) {
    return mandate.operationId() + "/" + mandate.step();
  }

  /** All attempts of a transfer share its grant: its sink tells them apart. */
  private static TransferFence fence(Fence fence) {
    return new TransferFence(fence.generation(), fence.epoch(), fence.step(), 0);
  }
}
