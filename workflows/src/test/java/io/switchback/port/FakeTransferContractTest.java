package io.switchback.port;

/** The sites in memory keep every promise about transfers. */
final class FakeTransferContractTest extends TransferContract {
  @Override
  protected TransferFixture open() {
    return new FakeTransferFixture(FakeTransferActivities::new);
  }
}
