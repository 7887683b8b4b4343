package io.switchback.worker.model;

import io.switchback.fault.FaultException;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.worker.model.Disturbance.Fails;
import io.switchback.worker.model.Disturbance.RunDies;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Stands around every activity: disturbs one of them, and hears what people are told. */
final class Disturber extends WorkerInterceptorBase {
  private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private @Nullable Watch watch;

  /** A run, what happens to it, and how far it is. */
  private static final class Watch {
    final String workflowId;
    final Disturbance disturbance;
    final Runnable kill;
    int begun;
    @Nullable String disturbed;

    Watch(String workflowId, Disturbance disturbance, Runnable kill) {
      this.workflowId = workflowId;
      this.disturbance = disturbance;
      this.kill = kill;
    }
  }

  /**
   * From now on the activities of a run are counted, and one of them is disturbed.
   *
   * @param kill terminates the run
   */
  synchronized void watch(String workflowId, Disturbance disturbance, Runnable kill) {
    watch = new Watch(workflowId, disturbance, kill);
    notices.clear();
  }

  synchronized void leave() {
    watch = null;
  }

  /** Whether an activity is at work. */
  boolean isBusy() {
    return inFlight.get() > 0;
  }

  /** What people were told and nobody has asked for yet. */
  Optional<Notice> told() {
    return Optional.ofNullable(notices.poll());
  }

  /** The watch of an activity that is the one to disturb. */
  private synchronized @Nullable Watch meets(ActivityInfo activity) {
    Watch now = watch;
    if (now == null || !now.workflowId.equals(activity.getWorkflowId())) {
      return null;
    }
    String id = activity.getRunId() + activity.getActivityId();
    if (activity.getAttempt() == 1 && now.begun++ == now.disturbance.activity()) {
      now.disturbed = id;
    }
    return id.equals(now.disturbed) ? now : null;
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {
      private @Nullable ActivityInfo activity;

      @Override
      public void init(ActivityExecutionContext context) {
        activity = context.getInfo();
        super.init(context);
      }

      @Override
      public ActivityOutput execute(ActivityInput input) {
        if (input.getArguments().length > 0 && input.getArguments()[0] instanceof Notice notice) {
          notices.add(notice);
        }
        inFlight.incrementAndGet();
        try {
          ActivityInfo info = java.util.Objects.requireNonNull(activity);
          return disturbed(meets(info), info.getAttempt(), () -> super.execute(input));
        } finally {
          inFlight.decrementAndGet();
        }
      }
    };
  }

  private <T> T disturbed(@Nullable Watch met, int attempt, Supplier<T> act) {
    if (met == null) {
      return act.get();
    }
    if (!met.disturbance.acted()) {
      happen(met, attempt);
    }
    T result = act.get();
    if (met.disturbance.acted()) {
      happen(met, attempt);
    }
    return result;
  }

  private void happen(Watch met, int attempt) {
    switch (met.disturbance) {
      case Fails fails -> {
        if (attempt <= fails.times()) {
          throw new FaultException(fails.fault(), "Could not act: a fault was asked for.");
        }
      }
      case RunDies _ -> met.kill.run();
    }
  }
}
