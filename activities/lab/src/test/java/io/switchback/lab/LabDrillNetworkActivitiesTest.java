package io.switchback.lab;

import io.switchback.port.CopyFixture;
import io.switchback.port.DrillNetworkContract;
import java.io.IOException;

/** A lab site keeps every promise of drills' networks. */
final class LabDrillNetworkActivitiesTest extends DrillNetworkContract {
  @Override
  protected CopyFixture open() throws IOException {
    return new LabCopyFixture();
  }
}
