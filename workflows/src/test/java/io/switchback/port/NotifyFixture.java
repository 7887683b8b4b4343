package io.switchback.port;

import java.util.List;

/** People to call for {@link NotifyContract}. Each test opens one of its own. */
public interface NotifyFixture extends AutoCloseable {
  /** The adapter under test, with a way to call people. */
  NotifyActivities notifications();

  /** The adapter as it is when nobody has said how to call people. */
  NotifyActivities unconfigured();

  /** The ids of the calls that arrived, one for each. */
  List<String> received();

  /** What the adapters have written to the log. */
  List<String> logged();

  /** Calls arrive and are refused from now on. */
  void refuse();

  /** Calls reach nobody from now on. */
  void breakLine();

  @Override
  void close();
}
