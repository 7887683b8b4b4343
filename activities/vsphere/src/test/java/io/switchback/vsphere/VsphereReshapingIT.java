package io.switchback.vsphere;

import io.switchback.port.PlacementFixture;
import io.switchback.port.ReshapingContract;
import org.junit.jupiter.api.Tag;

/** The suite against a simulated vCenter (API tier); each test has one of its own. */
@Tag("process")
class VsphereReshapingIT extends ReshapingContract {
  @Override
  protected PlacementFixture open() throws Exception {
    return new VcsimPlacementFixture();
  }
}
