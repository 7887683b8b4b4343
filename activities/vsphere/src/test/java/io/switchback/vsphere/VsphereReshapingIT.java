package io.switchback.vsphere;

import io.switchback.port.PlacementFixture;
import io.switchback.port.ReshapingContract;

/** The suite against a simulated vCenter; each test has one of its own. */
@ApiTier
class VsphereReshapingIT extends ReshapingContract {
  @Override
  protected PlacementFixture open() throws Exception {
    return new VcsimPlacementFixture();
  }
}
