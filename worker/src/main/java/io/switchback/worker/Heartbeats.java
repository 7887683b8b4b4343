package io.switchback.worker;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.interceptors.ActivityExecutionContextBase;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Heartbeats for every activity while it runs, so that a worker that died is noticed within the
 * heartbeat limit whatever its activity was waiting for. Progress that the activity itself reports
 * is kept and repeated.
 */
public final class Heartbeats extends WorkerInterceptorBase {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(
          1, Thread.ofPlatform().daemon().name("heartbeats").factory());

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new Beating(next);
  }

  private final class Beating extends ActivityInboundCallsInterceptorBase {
    private @Nullable Remembering context;

    Beating(ActivityInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(ActivityExecutionContext given) {
      context = new Remembering(given);
      super.init(context);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
      Remembering beating = context;
      Duration limit = beating == null ? Duration.ZERO : limit(beating);
      if (beating == null || limit.isZero()) {
        return super.execute(input);
      }
      long periodMillis = Math.max(100, limit.toMillis() / 4);
      ScheduledFuture<?> beats =
          clock.scheduleAtFixedRate(
              beating::repeat, periodMillis, periodMillis, TimeUnit.MILLISECONDS);
      try {
        return super.execute(input);
      } finally {
        beats.cancel(false);
      }
    }

    private static Duration limit(Remembering context) {
      return Optional.ofNullable(context.getInfo().getHeartbeatTimeout()).orElse(Duration.ZERO);
    }
  }

  private static final class Remembering extends ActivityExecutionContextBase {
    private volatile @Nullable Object last;

    Remembering(ActivityExecutionContext next) {
      super(next);
    }

    @Override
    public <V> void heartbeat(@Nullable V details) {
      last = details;
      super.heartbeat(details);
    }

    void repeat() {
      try {
        super.heartbeat(last);
      } catch (ActivityCompletionException over) {
        // The activity learns it from its own next heartbeat, or from the sink, which refuses it.
        LOG.debug("activity is no longer wanted, type={}", getInfo().getActivityType());
      }
    }
  }
}
