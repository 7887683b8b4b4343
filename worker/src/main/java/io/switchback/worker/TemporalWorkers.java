package io.switchback.worker;

import io.switchback.fault.FaultInterceptor;
import io.switchback.operation.Workflows;
import io.switchback.port.Queues;
import io.switchback.registry.EstateFigures;
import io.switchback.worker.local.SearchAttributes;
import io.switchback.worker.metrics.MetricsEndpoint;
import io.switchback.worker.rate.SiteShares;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Polls the queues once the services answer, and drains on the way out. */
public final class TemporalWorkers implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(TemporalWorkers.class);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /**
   * For each kind of task, on each queue. A worker that hangs without dying keeps its polls open,
   * and is handed a task for each of them, which it does not answer: together with the task that it
   * had they must stay fewer than the attempts of a step, or one such worker takes them all.
   */
  private static final int OPEN_POLLS = 2;

  private final WorkerSettings settings;
  private final WorkflowClient client;
  private final Adapters adapters;
  private final SiteShares shares;
  private final Supplier<List<Object>> forOperations;
  private final Function<String, List<Object>> forSites;
  private final Patience patience = new Patience();
  private @Nullable WorkerFactory factory;
  private @Nullable MetricsEndpoint metrics;
  private @Nullable Thread starter;

  /**
   * @param shares of the sites' rates, which are looked at from when this worker polls
   * @param forOperations the activities of the queue {@code switchback}, once the registry is open
   * @param forSites the activities of a site's queue, by the site's name
   */
  TemporalWorkers(
      WorkerSettings settings,
      WorkflowClient client,
      Adapters adapters,
      SiteShares shares,
      Supplier<List<Object>> forOperations,
      Function<String, List<Object>> forSites) {
    this.settings = settings;
    this.client = client;
    this.adapters = adapters;
    this.shares = shares;
    this.forOperations = forOperations;
    this.forSites = forSites;
  }

  @Override
  public void start() {
    if (settings.metricsPort() != 0) {
      try {
        metrics =
            MetricsEndpoint.start(
                settings.metricsPort(),
                estateFigures(),
                adapters.transfers(),
                shares::now,
                adapters::tunnels);
      } catch (IOException taken) {
        throw new UncheckedIOException(
            "Could not serve metrics on port " + settings.metricsPort() + ": choose a free one",
            taken);
      }
    }
    starter = Thread.ofPlatform().name("worker-starter").start(this::startWhenServicesAnswer);
  }

  private Optional<Supplier<EstateFigures>> estateFigures() {
    return settings.queues().contains(Queues.SWITCHBACK)
        ? Optional.of(adapters::figures)
        : Optional.empty();
  }

  private void startWhenServicesAnswer() {
    try {
      if (settings.queues().contains(Queues.SWITCHBACK)) {
        patience.until("the registry", adapters::openRegistry);
      }
      Deployment deployment =
          new Deployment(client.getWorkflowServiceStubs(), client.getOptions().getNamespace());
      boolean versioned = patience.until("Temporal", deployment::isSupported);
      if (settings.queues().contains(Queues.SWITCHBACK)) {
        // A run that sets an unknown attribute would wait for ever.
        patience.until(
            "Temporal to know the search attributes",
            () -> {
              SearchAttributes.register(settings.temporal(), client.getOptions().getNamespace());
              return true;
            });
      }
      WorkerFactory workers = poll(versioned);
      patience.until(
          "Temporal",
          () -> {
            workers.start();
            return true;
          });
      shares.start();
      LOG.info("worker polls, queues={} build={}", settings.queues(), Build.id());
      if (versioned && settings.queues().contains(Queues.SWITCHBACK)) {
        boolean current =
            patience.until(
                "Temporal to know this build",
                () -> deployment.makeCurrent(settings.makeCurrent()));
        LOG.info("new runs {} to this build, build={}", current ? "go" : "do not go", Build.id());
      }
    } catch (InterruptedException stopped) {
      LOG.info("stopped before the services answered");
    }
  }

  private WorkerFactory poll(boolean versioned) {
    WorkerFactory workers =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder()
                .setUsingVirtualWorkflowThreads(true)
                .setWorkerInterceptors(new FaultInterceptor(), new Heartbeats())
                .build());
    factory = workers;
    for (String queue : settings.queues()) {
      WorkerOptions.Builder options =
          WorkerOptions.newBuilder()
              .setUsingVirtualThreads(true)
              .setMaxConcurrentActivityTaskPollers(OPEN_POLLS)
              .setMaxConcurrentWorkflowTaskPollers(OPEN_POLLS)
              // Two cores under load can keep a workflow thread waiting for more than the default
              // second.
              .setDefaultDeadlockDetectionTimeout(5000);
      if (queue.equals(Queues.SWITCHBACK)) {
        if (versioned) {
          options.setDeploymentOptions(Deployment.options());
        }
        Worker worker = workers.newWorker(queue, options.build());
        worker.registerWorkflowImplementationTypes(Workflows.ALL.toArray(Class<?>[]::new));
        worker.registerActivitiesImplementations(forOperations.get().toArray());
      } else {
        Worker worker = workers.newWorker(queue, options.build());
        String site = Queues.siteOf(queue).orElseThrow();
        worker.registerActivitiesImplementations(forSites.apply(site).toArray());
      }
    }
    return workers;
  }

  @Override
  public void stop() {
    patience.stop();
    MetricsEndpoint served = metrics;
    if (served != null) {
      served.close();
    }
    WorkerFactory workers = factory;
    if (workers == null) {
      return;
    }
    workers.shutdown();
    workers.awaitTermination(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    if (!workers.isTerminated()) {
      workers.shutdownNow();
    }
  }

  @Override
  public boolean isRunning() {
    return starter != null;
  }
}
