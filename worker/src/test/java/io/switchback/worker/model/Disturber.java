package io.switchback.worker.model;

import static java.util.Objects.requireNonNull;

import io.switchback.fault.FaultException;
import io.switchback.port.NotifyActivities.Notice;
import io.switchback.worker.model.Disturbance.Fails;
import io.switchback.worker.model.Disturbance.RunDies;
import io.switchback.worker.model.Disturbance.SiteFails;
import io.switchback.worker.model.Disturbance.WorkerStops;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor.ActivityInput;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor.ActivityOutput;
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
  private final BlockingQueue<byte[]> lost = new LinkedBlockingQueue<>();
  private final AtomicInteger inFlight = new AtomicInteger();
  private @Nullable Watch watch;
  private String disturbedType = "";
  private boolean hasKilled;

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
    disturbedType = "";
    hasKilled = false;
    notices.clear();
  }

  synchronized void leave() {
    watch = null;
  }

  /** The type of the activity of the last run that was watched which was disturbed, or empty. */
  synchronized String disturbedType() {
    return disturbedType;
  }

  /** Whether the last run that was watched was terminated, or was to be. */
  synchronized boolean hasKilled() {
    return hasKilled;
  }

  private synchronized void kill(Watch met) {
    hasKilled = true;
    met.kill.run();
  }

  /** Only the run that is watched is answered; who watches the sites asks for no answer. */
  private synchronized void hear(Notice notice) {
    if (watch != null
        && watch.workflowId.equals(notice.workflowId())
        && !notice.answers().isEmpty()) {
      notices.add(notice);
    }
  }

  /** Whether an activity is at work. */
  boolean isBusy() {
    return inFlight.get() > 0;
  }

  /** What people were asked and nobody has answered yet. */
  Optional<Notice> told() {
    return Optional.ofNullable(notices.poll());
  }

  /** The activity whose worker is to be gone: its answer is never heard. */
  Optional<byte[]> lost() {
    return Optional.ofNullable(lost.poll());
  }

  /** The watch of an activity that is the one to disturb; what runs within a task is none. */
  private synchronized @Nullable Watch meets(ActivityInfo activity) {
    Watch now = watch;
    if (now == null || activity.isLocal() || !now.workflowId.equals(activity.getWorkflowId())) {
      return null;
    }
    String id = activity.getRunId() + activity.getActivityId();
    if (activity.getAttempt() == 1 && now.begun++ == now.disturbance.activity()) {
      now.disturbed = id;
      disturbedType = activity.getActivityType();
    }
    return id.equals(now.disturbed) ? now : null;
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {
      private @Nullable ActivityExecutionContext context;

      @Override
      public void init(ActivityExecutionContext given) {
        context = given;
        super.init(given);
      }

      @Override
      public ActivityOutput execute(ActivityInput input) {
        if (input.getArguments().length > 0 && input.getArguments()[0] instanceof Notice notice) {
          hear(notice);
        }
        inFlight.incrementAndGet();
        try {
          ActivityExecutionContext now = requireNonNull(context);
          Watch met = meets(now.getInfo());
          return met == null
              ? super.execute(input)
              : disturbed(met, now, () -> super.execute(input));
        } finally {
          inFlight.decrementAndGet();
        }
      }
    };
  }

  private ActivityOutput disturbed(
      Watch met, ActivityExecutionContext context, Supplier<ActivityOutput> act) {
    int attempt = context.getInfo().getAttempt();
    return switch (met.disturbance) {
      case Fails fails -> failing(fails, attempt, act);
      case RunDies dies -> dying(dies, met, act);
      case WorkerStops stops when attempt == 1 -> lost(stops, context, act);
      case WorkerStops _, SiteFails _ -> act.get();
    };
  }

  private static ActivityOutput failing(Fails fails, int attempt, Supplier<ActivityOutput> act) {
    boolean isDone = attempt > fails.times();
    if (isDone || fails.acted()) {
      ActivityOutput output = act.get();
      if (isDone) {
        return output;
      }
    }
    throw new FaultException(fails.fault(), "Could not act: a fault was asked for.");
  }

  private ActivityOutput dying(RunDies dies, Watch met, Supplier<ActivityOutput> act) {
    if (!dies.acted()) {
      kill(met);
    }
    ActivityOutput output = act.get();
    if (dies.acted()) {
      kill(met);
    }
    return output;
  }

  private ActivityOutput lost(
      WorkerStops stops, ActivityExecutionContext context, Supplier<ActivityOutput> act) {
    if (stops.acted()) {
      var _ = act.get();
    }
    context.doNotCompleteOnReturn();
    lost.add(context.getTaskToken());
    return new ActivityOutput(null);
  }
}
