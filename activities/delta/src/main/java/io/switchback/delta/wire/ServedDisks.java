package io.switchback.delta.wire;

import io.switchback.delta.DiskSource;
import io.switchback.delta.trust.GrantedDisk;
import java.io.IOException;

/** The disks of a site that its worker serves. */
@FunctionalInterface
public interface ServedDisks {

  /**
   * Opens a disk for one stream, which closes it.
   *
   * @throws RefusedException NO_SUCH_DISK
   */
  DiskSource open(GrantedDisk disk) throws IOException;
}
