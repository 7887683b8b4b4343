package io.switchback.lab;

import io.switchback.port.SiteFixture;
import io.switchback.port.SnapshotContract;

class LabSnapshotActivitiesTest extends SnapshotContract {
  @Override
  protected SiteFixture open() throws Exception {
    return new LabSiteFixture();
  }
}
