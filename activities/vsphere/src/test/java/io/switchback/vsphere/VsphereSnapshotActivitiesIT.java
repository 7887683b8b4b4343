package io.switchback.vsphere;

import io.switchback.port.SiteFixture;
import io.switchback.port.SnapshotContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The suite against a simulated vCenter, the bytes through the front. */
@ByteTier
class VsphereSnapshotActivitiesIT extends SnapshotContract {
  private static VcsimEstate estate;

  @BeforeAll
  static void start() {
    estate = new VcsimEstate("-vms", "100", "-disks", "2", "-disk-mib", "1");
  }

  @AfterAll
  static void stop() {
    estate.close();
  }

  @Override
  protected SiteFixture open() {
    return VcsimSiteFixture.withBytes(estate);
  }
}
