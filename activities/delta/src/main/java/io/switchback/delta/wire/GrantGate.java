package io.switchback.delta.wire;

import io.switchback.delta.FenceCheck;
import io.switchback.delta.trust.Grant;
import io.switchback.delta.trust.GrantUse;
import io.switchback.delta.trust.GrantVerifier;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * Guards the disks of one site. Lets in whoever shows a site's certificate and a grant that was
 * signed for that site, this disk and reading; and lets it go on until a newer grant is seen.
 *
 * <p>Whether a peer must show a certificate is not decided here: only a plain stream within this
 * machine has none, see {@link WireSettings}, and there a grant may be used by whoever has it.
 */
public final class GrantGate implements Gate {
  private final String site;
  private final Supplier<GrantVerifier> verifier;

  /**
   * @param verifier asked for each stream, so that the keys can be changed while streams come
   */
  public GrantGate(String site, Supplier<GrantVerifier> verifier) {
    this.site = site;
    this.verifier = verifier;
  }

  @Override
  public FenceCheck admit(Opening opening) throws IOException {
    if (!opening.disk().site().equals(site)) {
      throw new RefusedException(
          WireFault.NO_SUCH_DISK,
          "Could not open %s: this is the data address of site '%s'. Correct it, then retry."
              .formatted(opening.disk(), site));
    }
    GrantUse use =
        opening
            .site()
            .map(
                holder ->
                    new GrantUse(holder, opening.disk(), Grant.Direction.READ, opening.range()))
            .orElseGet(
                () ->
                    GrantUse.withinThisMachine(
                        opening.disk(), Grant.Direction.READ, opening.range()));
    GrantVerifier now = verifier.get();
    return now.stillNewest(now.verify(opening.grant(), use));
  }
}
