package io.switchback.worker.model;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultInterceptor;
import io.switchback.operation.Workflows;
import io.switchback.port.Queues;
import io.temporal.client.ActivityCompletionException;
import io.temporal.client.WorkflowClient;
import io.temporal.failure.ApplicationFailure;
import io.temporal.internal.worker.WorkflowExecutorCache;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The workers of all queues, which may be gone at any moment with all that they know.
 *
 * <p>Where they remember, that is what a restart comes to: what they know of every run is thrown
 * away. Where they do not, they are shut down and others begin. The two do not go together here,
 * because Temporal in memory gives the next task of a run to the worker that remembers it, and to
 * nobody else when that one is gone: it has no limit for the way from schedule to start.
 */
final class Workers implements AutoCloseable {
  private static final int REMEMBERED_RUNS = 200;

  private final WorkflowClient client;
  private final Map<String, Object[]> activities;
  private final Disturber disturber;
  private final boolean remember;
  private WorkerFactory factory;

  /**
   * @param remember whether a run that has its next task goes on where it was; otherwise it is
   *     replayed from its first event for every task
   */
  Workers(
      WorkflowClient client,
      Map<String, Object[]> activities,
      Disturber disturber,
      boolean remember) {
    this.client = client;
    this.activities = activities;
    this.disturber = disturber;
    this.remember = remember;
    this.factory = begin();
  }

  private WorkerFactory begin() {
    WorkerFactory begun =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(disturber, new FaultInterceptor())
                .setUsingVirtualWorkflowThreads(true)
                .setWorkflowCacheSize(remember ? REMEMBERED_RUNS : 0)
                .build());
    WorkerOptions.Builder options =
        WorkerOptions.newBuilder()
            .setUsingVirtualThreads(true)
            .setDefaultDeadlockDetectionTimeout(10_000);
    if (!remember) {
      options.setStickyQueueScheduleToStartTimeout(Duration.ZERO);
    }
    activities.forEach(
        (queue, implementations) -> {
          Worker worker = begun.newWorker(queue, options.build());
          if (queue.equals(Queues.SWITCHBACK)) {
            worker.registerWorkflowImplementationTypes(Workflows.ALL.toArray(Class<?>[]::new));
          }
          worker.registerActivitiesImplementations(implementations);
        });
    begun.start();
    return begun;
  }

  /**
   * They are gone, and others go on.
   *
   * @param activity whose answer is never heard, and which is given up as one whose worker is
   *     silent
   */
  void lose(byte[] activity) {
    if (remember) {
      forget();
    } else {
      factory.shutdown();
      factory.awaitTermination(10, TimeUnit.SECONDS);
      factory = begin();
    }
    try {
      client
          .newActivityCompletionClient()
          .completeExceptionally(
              activity,
              ApplicationFailure.newFailure("its worker fell silent", Fault.UNEXPECTED.name()));
    } catch (ActivityCompletionException over) {
      // Its run is over, or has given it up already.
    }
  }

  /** The SDK forgets runs only when it remembers too many; what it does then is not public. */
  private void forget() {
    try {
      Method cache = WorkerFactory.class.getDeclaredMethod("getCache");
      cache.setAccessible(true);
      ((WorkflowExecutorCache) cache.invoke(factory)).invalidateAll();
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the SDK's cache is another one by now", e);
    }
  }

  @Override
  public void close() {
    factory.shutdownNow();
    factory.awaitTermination(5, TimeUnit.SECONDS);
  }
}
