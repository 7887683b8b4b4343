package io.switchback.port;

import io.switchback.fault.Fault;
import java.util.ArrayList;
import java.util.List;

/** Keeps what people would have been told. */
public class FakeNotifyActivities implements NotifyActivities {
  private final FaultScript script = new FaultScript(Fault.UNEXPECTED);
  private final List<Notice> notices = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private Line line = Line.UP;

  /** What becomes of a call. */
  enum Line {
    UP,
    REFUSED,
    DEAD,
    NOT_CONFIGURED
  }

  /** What goes wrong; targets are VM names. */
  public FaultScript script() {
    return script;
  }

  /** Every call, a repeated one again. */
  public synchronized List<Notice> notices() {
    return List.copyOf(notices);
  }

  /** The log. */
  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** What becomes of calls from now on. */
  synchronized void line(Line now) {
    line = now;
  }

  @Override
  public Paged page(Notice request) {
    return script.run("page", request.vm(), () -> keep(request));
  }

  private synchronized Paged keep(Notice request) {
    log(request);
    if (line == Line.UP || line == Line.REFUSED) {
      call(request);
    }
    return answer(line);
  }

  void log(Notice request) {
    lines.add(request.toString());
  }

  void call(Notice request) {
    notices.add(request);
  }

  Paged answer(Line was) {
    boolean called = was == Line.UP;
    return new Paged(
        called, called ? "The test was told." : "Nobody: " + was + ".", Attempts.current());
  }
}
