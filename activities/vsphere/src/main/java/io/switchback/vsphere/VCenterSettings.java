package io.switchback.vsphere;

import io.switchback.vsphere.soap.Endpoint;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A site's vCenter, and how this worker uses it.
 *
 * @param login asked for whenever a session begins, so that a new password is used at once
 * @param instanceUuid that the vCenter must have; empty: the first one that answers
 * @param keepAlive how often a session is used that nobody needs, so that it does not expire
 * @param caps how much this worker does there at once
 */
public record VCenterSettings(
    String site,
    Endpoint endpoint,
    Supplier<Login> login,
    String instanceUuid,
    Duration keepAlive,
    OperationCaps.Limits caps) {
  private static final Duration KEEP_ALIVE = Duration.ofMinutes(5);

  public VCenterSettings {
    if (site.isBlank() || !keepAlive.isPositive()) {
      throw new IllegalArgumentException("vcenter: it needs a site and a keep-alive");
    }
  }

  /** With every default. */
  public static VCenterSettings of(String site, Endpoint endpoint, Supplier<Login> login) {
    return new VCenterSettings(site, endpoint, login, "", KEEP_ALIVE, OperationCaps.Limits.DEFAULT);
  }

  /** The same with other caps. */
  public VCenterSettings with(OperationCaps.Limits caps) {
    return new VCenterSettings(site, endpoint, login, instanceUuid, keepAlive, caps);
  }
}
