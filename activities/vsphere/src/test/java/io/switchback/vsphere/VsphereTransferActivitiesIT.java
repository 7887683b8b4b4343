package io.switchback.vsphere;

import io.switchback.port.TransferContract;
import io.switchback.port.TransferFixture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;

/** The suite against two simulated vCenters, the bytes through the front. */
@ByteTier
class VsphereTransferActivitiesIT {
  @AutoClose private static final TransferEstates ESTATES = new TransferEstates();

  @Nested
  class ByPath extends TransferContract {
    @Override
    protected TransferFixture open() {
      return ESTATES.byPath();
    }
  }

  @Nested
  class Streamed extends TransferContract {
    @Override
    protected TransferFixture open() {
      return ESTATES.streamed();
    }
  }
}
