package io.switchback.lab;

import io.switchback.port.PlacementFixture;
import io.switchback.port.ReshapingContract;
import java.io.IOException;

/** A lab site keeps every promise of VMs whose shape changes. */
final class LabReshapingTest extends ReshapingContract {
  @Override
  protected PlacementFixture open() throws IOException {
    return new LabPlacementFixture();
  }
}
