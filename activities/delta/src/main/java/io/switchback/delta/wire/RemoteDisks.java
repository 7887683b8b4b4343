package io.switchback.delta.wire;

import io.switchback.delta.DiskSource;
import io.switchback.delta.trust.GrantedDisk;
import java.io.IOException;

/** The disks that other sites' workers serve. */
@FunctionalInterface
public interface RemoteDisks {

  /**
   * Dials the worker that serves {@code disk}. Whoever opens it closes it.
   *
   * @param dataAddress host and port of that worker
   * @param grant as the control side signed it
   * @param holder site in whose name this worker dials
   * @param capacityBytes of the disk that it shall be copied to
   * @throws RefusedException if the other worker refuses, with why
   */
  DiskSource open(
      String dataAddress, GrantedDisk disk, byte[] grant, String holder, long capacityBytes)
      throws IOException;
}
