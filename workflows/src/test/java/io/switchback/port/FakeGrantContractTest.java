package io.switchback.port;

/** The control side in memory keeps every promise. */
final class FakeGrantContractTest extends GrantContract {
  @Override
  protected GrantFixture open() {
    return new FakeGrantFixture(FakeGrantActivities::new);
  }
}
