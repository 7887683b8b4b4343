package io.switchback.port;

/** The site in memory keeps every promise of {@link CopyActivities}. */
final class FakeCopyContractTest extends CopyContract {
  @Override
  protected CopyFixture open() {
    return new FakeCopyFixture(FakeCopyActivities::new, FakeDrillNetworkActivities::new);
  }
}
