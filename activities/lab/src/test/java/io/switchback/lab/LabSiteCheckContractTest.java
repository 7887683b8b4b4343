package io.switchback.lab;

import io.switchback.port.SiteCheckContract;
import io.switchback.port.SiteCheckFixture;

class LabSiteCheckContractTest extends SiteCheckContract {
  @Override
  protected SiteCheckFixture open() throws Exception {
    return new LabSiteCheckFixture();
  }
}
