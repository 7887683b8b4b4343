package io.switchback.lab;

import io.switchback.port.TransferContract;
import io.switchback.port.TransferFixture;

class LabStreamTransferContractTest extends TransferContract {
  @Override
  protected TransferFixture open() throws Exception {
    return new LabTransferFixture(true);
  }
}
