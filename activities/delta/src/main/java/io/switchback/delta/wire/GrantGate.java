package io.switchback.delta.wire;

import io.switchback.delta.FenceCheck;
import io.switchback.delta.trust.Grant;
import io.switchback.delta.trust.GrantUse;
import io.switchback.delta.trust.GrantVerifier;
import java.io.IOException;

/**
 * Lets in whoever shows a site's certificate and a grant that was signed for that site, this disk
 * and reading; and lets it go on until a newer grant is seen.
 */
public final class GrantGate implements Gate {
  private final GrantVerifier verifier;

  public GrantGate(GrantVerifier verifier) {
    this.verifier = verifier;
  }

  @Override
  public FenceCheck admit(Opening opening) throws IOException {
    String holder =
        opening
            .site()
            .orElseThrow(
                () ->
                    new RefusedException(
                        WireFault.GRANT_REFUSED,
                        "Could not open %s: the worker that dials shows no certificate. Dial with TLS and the certificate of its site."
                            .formatted(opening.disk())));
    Grant grant =
        verifier.verify(
            opening.grant(),
            new GrantUse(holder, opening.disk(), Grant.Direction.READ, opening.range()));
    return verifier.stillNewest(grant);
  }
}
