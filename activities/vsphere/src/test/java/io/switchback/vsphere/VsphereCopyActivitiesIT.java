package io.switchback.vsphere;

import io.switchback.port.CopyContract;
import io.switchback.port.CopyFixture;

/** The suite against a simulated vCenter with bytes; each test has one of its own. */
@ByteTier
class VsphereCopyActivitiesIT extends CopyContract {
  @Override
  protected CopyFixture open() {
    return new VcsimCopyFixture();
  }
}
