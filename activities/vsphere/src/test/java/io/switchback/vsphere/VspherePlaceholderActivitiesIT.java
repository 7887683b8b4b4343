package io.switchback.vsphere;

import io.switchback.port.PlaceholderContract;
import io.switchback.port.PlacementFixture;
import org.junit.jupiter.api.Tag;

/** The suite against a simulated vCenter (API tier); each test has one of its own. */
@Tag("process")
class VspherePlaceholderActivitiesIT extends PlaceholderContract {
  @Override
  protected PlacementFixture open() throws Exception {
    return new VcsimPlacementFixture();
  }
}
