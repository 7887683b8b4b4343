package io.switchback.lab;

import io.switchback.port.SiteFixture;
import io.switchback.port.VmContract;

class LabVmActivitiesTest extends VmContract {
  @Override
  protected SiteFixture open() throws Exception {
    return new LabSiteFixture();
  }
}
