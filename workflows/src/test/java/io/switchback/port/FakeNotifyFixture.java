package io.switchback.port;

import io.switchback.port.FakeNotifyActivities.Line;
import io.switchback.port.NotifyActivities.Notice;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The suite's people in memory, called by the reference adapter or by one that breaks a promise.
 */
final class FakeNotifyFixture implements NotifyFixture {
  private final FakeNotifyActivities notifications;
  private final FakeNotifyActivities unconfigured;

  FakeNotifyFixture(Supplier<? extends FakeNotifyActivities> adapter) {
    notifications = adapter.get();
    unconfigured = adapter.get();
    unconfigured.line(Line.NOT_CONFIGURED);
  }

  @Override
  public NotifyActivities notifications() {
    return notifications;
  }

  @Override
  public NotifyActivities unconfigured() {
    return unconfigured;
  }

  @Override
  public List<String> received() {
    return Stream.of(notifications, unconfigured)
        .flatMap(one -> one.notices().stream())
        .map(Notice::id)
        .toList();
  }

  @Override
  public List<String> logged() {
    return Stream.of(notifications, unconfigured).flatMap(one -> one.lines().stream()).toList();
  }

  @Override
  public void refuse() {
    notifications.line(Line.REFUSED);
  }

  @Override
  public void breakLine() {
    notifications.line(Line.DEAD);
  }

  @Override
  public void close() {}
}
