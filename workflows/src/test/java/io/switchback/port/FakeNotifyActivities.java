package io.switchback.port;

import io.switchback.fault.Fault;
import java.util.ArrayList;
import java.util.List;

/** Keeps what people would have been told. */
public final class FakeNotifyActivities implements NotifyActivities {
  private final FaultScript script = new FaultScript(Fault.UNEXPECTED);
  private final List<Notice> notices = new ArrayList<>();

  /** What goes wrong; targets are VM names. */
  public FaultScript script() {
    return script;
  }

  /** Every call, a repeated one again. */
  public synchronized List<Notice> notices() {
    return List.copyOf(notices);
  }

  @Override
  public Paged page(Notice request) {
    return script.run("page", request.vm(), () -> keep(request));
  }

  private synchronized Paged keep(Notice request) {
    notices.add(request);
    return new Paged(true, "The test was told.", Attempts.current());
  }
}
