package io.switchback.lab;

import io.switchback.port.PlaceholderContract;
import io.switchback.port.PlacementFixture;
import java.io.IOException;

/** A lab site keeps every promise of its replicas' VMs. */
final class LabPlaceholderActivitiesTest extends PlaceholderContract {
  @Override
  protected PlacementFixture open() throws IOException {
    return new LabPlacementFixture();
  }
}
