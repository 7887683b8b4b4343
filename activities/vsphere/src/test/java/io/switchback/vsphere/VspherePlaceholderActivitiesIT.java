package io.switchback.vsphere;

import io.switchback.port.PlaceholderContract;
import io.switchback.port.PlacementFixture;

/** The suite against a simulated vCenter; each test has one of its own. */
@ApiTier
class VspherePlaceholderActivitiesIT extends PlaceholderContract {
  @Override
  protected PlacementFixture open() throws Exception {
    return new VcsimPlacementFixture();
  }
}
