package io.switchback.lab;

import io.switchback.port.GroupSnapshotActivities;
import io.switchback.port.GroupSnapshotContract;
import io.switchback.port.SiteFixture;

class LabGroupSnapshotActivitiesTest extends GroupSnapshotContract {
  private LabSiteFixture lab;

  @Override
  protected SiteFixture open() throws Exception {
    lab = new LabSiteFixture();
    return lab;
  }

  @Override
  protected GroupSnapshotActivities groupSnapshots() {
    return lab.groupSnapshots();
  }
}
