package io.switchback.lab;

import io.switchback.port.InventoryContract;
import io.switchback.port.PlacementFixture;
import java.io.IOException;

/** A lab site keeps every promise of its inventory. */
final class LabInventoryActivitiesTest extends InventoryContract {
  @Override
  protected PlacementFixture open() throws IOException {
    return new LabPlacementFixture();
  }
}
