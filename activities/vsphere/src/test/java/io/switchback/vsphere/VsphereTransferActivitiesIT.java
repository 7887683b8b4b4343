package io.switchback.vsphere;

import io.switchback.port.TransferContract;
import io.switchback.port.TransferFixture;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The suite against two simulated vCenters, the bytes through the front. */
@ByteTier
class VsphereTransferActivitiesIT {
  private static VcsimEstate berlin;
  private static VcsimEstate munich;

  @BeforeAll
  static void start() {
    berlin = VcsimEstate.at("berlin", VcsimTransferFixture.flags());
    munich = VcsimEstate.at("munich", VcsimTransferFixture.flags());
  }

  @AfterAll
  static void stop() {
    munich.close();
    berlin.close();
  }

  @Nested
  class ByPath extends TransferContract {
    @Override
    protected TransferFixture open() throws IOException {
      return new VcsimTransferFixture(berlin, munich, false);
    }
  }

  @Nested
  class Streamed extends TransferContract {
    @Override
    protected TransferFixture open() throws IOException {
      return new VcsimTransferFixture(berlin, munich, true);
    }
  }
}
