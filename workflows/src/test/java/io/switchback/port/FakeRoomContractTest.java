package io.switchback.port;

/** The site in memory keeps every promise about room. */
final class FakeRoomContractTest extends RoomContract {
  @Override
  protected RoomFixture open() {
    return new FakeRoomFixture(FakeRoomActivities::new);
  }
}
