package io.switchback.vsphere;

import io.switchback.port.SiteFixture;
import io.switchback.port.VmContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The suite against a simulated vCenter. */
@ApiTier
class VsphereVmActivitiesIT extends VmContract {
  private static VcsimEstate estate;

  @BeforeAll
  static void start() {
    estate = new VcsimEstate("-vms", "80", "-disks", "2");
  }

  @AfterAll
  static void stop() {
    estate.close();
  }

  @Override
  protected SiteFixture open() {
    return new VcsimSiteFixture(estate);
  }
}
