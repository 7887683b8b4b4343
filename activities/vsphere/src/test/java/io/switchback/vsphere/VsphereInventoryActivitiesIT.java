package io.switchback.vsphere;

import io.switchback.port.InventoryContract;
import io.switchback.port.PlacementFixture;
import org.junit.jupiter.api.Tag;

/** The suite against a simulated vCenter (API tier); each test has one of its own. */
@Tag("process")
class VsphereInventoryActivitiesIT extends InventoryContract {
  @Override
  protected PlacementFixture open() throws Exception {
    return new VcsimPlacementFixture();
  }
}
