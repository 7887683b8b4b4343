package io.switchback.lab;

import io.switchback.port.GuestContract;
import io.switchback.port.SiteFixture;

class LabGuestActivitiesTest extends GuestContract {
  @Override
  protected SiteFixture open() throws Exception {
    return new LabSiteFixture();
  }
}
