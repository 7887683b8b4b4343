package io.switchback.port;

import io.switchback.fault.Failures;
import io.switchback.fault.FaultInterceptor;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.interceptors.ActivityExecutionContextBase;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.ActivityFailure;
import io.temporal.testing.TestActivityEnvironment;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.worker.WorkerFactoryOptions;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls an adapter as Temporal does: in an activity, as the attempt that the test says, with every
 * request and answer written to JSON and read back. A fault comes back as the {@code
 * FaultException} that the adapter threw. One call at a time; two at once need two callers.
 *
 * @param <P> the port
 */
public final class PortCaller<P> implements AutoCloseable {
  private final Class<P> port;
  private final TestActivityEnvironment environment;
  private final P stub;
  private final AtomicInteger attempt = new AtomicInteger(1);
  private final AtomicInteger heartbeats = new AtomicInteger();
  private final List<Object> details = new CopyOnWriteArrayList<>();

  public PortCaller(Class<P> port, P adapter) {
    this.port = port;
    this.environment =
        TestActivityEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Payloads.converter())
                        .build())
                .setWorkerFactoryOptions(
                    WorkerFactoryOptions.newBuilder()
                        .setWorkerInterceptors(attemptsAndHeartbeats(), new FaultInterceptor())
                        .build())
                .build());
    environment.registerActivitiesImplementations(adapter);
    this.stub =
        environment.newActivityStub(
            port,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(5))
                .setHeartbeatTimeout(Duration.ofSeconds(10))
                .build());
  }

  /** The port as the first attempt of each step calls it. */
  public P call() {
    return attempt(1);
  }

  /** The port as the given attempt of a step calls it. */
  public P attempt(int number) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          attempt.set(number);
          return invoke(method, arguments);
        };
    return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, handler));
  }

  /** How often the adapter told Temporal that it is alive, over all calls. */
  public int heartbeats() {
    return heartbeats.get();
  }

  /** What the adapter told with its heartbeats, as far as it is of that kind. */
  public <T> List<T> details(Class<T> kind) {
    return details.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Override
  public void close() {
    environment.close();
  }

  private Object invoke(Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(stub, arguments);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof ActivityFailure failure) {
        throw Failures.toFault(failure);
      }
      throw thrown.getCause();
    }
  }

  // Temporal's test environment calls every activity as attempt 0 and does not say how often a
  // heartbeat was sent.
  private WorkerInterceptor attemptsAndHeartbeats() {
    return new WorkerInterceptorBase() {
      @Override
      public ActivityInboundCallsInterceptor interceptActivity(
          ActivityInboundCallsInterceptor next) {
        return new ActivityInboundCallsInterceptorBase(next) {
          @Override
          public void init(ActivityExecutionContext context) {
            super.init(counted(context));
          }
        };
      }
    };
  }

  private ActivityExecutionContext counted(ActivityExecutionContext context) {
    return new ActivityExecutionContextBase(context) {
      @Override
      public ActivityInfo getInfo() {
        return withAttempt(super.getInfo());
      }

      @Override
      public <V> void heartbeat(V detail) {
        heartbeats.incrementAndGet();
        details.add(detail);
        super.heartbeat(detail);
      }
    };
  }

  private ActivityInfo withAttempt(ActivityInfo info) {
    InvocationHandler handler =
        (proxy, method, arguments) ->
            method.getName().equals("getAttempt") ? attempt.get() : method.invoke(info, arguments);
    return (ActivityInfo)
        Proxy.newProxyInstance(
            ActivityInfo.class.getClassLoader(), new Class<?>[] {ActivityInfo.class}, handler);
  }
}
