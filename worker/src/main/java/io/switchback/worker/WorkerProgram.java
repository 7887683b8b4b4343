package io.switchback.worker;

import io.switchback.port.Payloads;
import io.switchback.worker.rate.SiteShares;
import io.switchback.worker.rate.TemporalSiteWorkers;
import io.switchback.worker.site.Credentials;
import io.switchback.worker.stream.StreamServers;
import io.switchback.worker.stream.StreamTrust;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.lang.management.ManagementFactory;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;

/** The wiring of a worker process. */
@SpringBootConfiguration(proxyBeanMethods = false)
public class WorkerProgram {
  private static final String NAMESPACE = "default";

  /**
   * Starts a worker that polls until the context is closed; services that are away are waited for.
   */
  public static ConfigurableApplicationContext run(WorkerSettings settings) {
    return new SpringApplicationBuilder(WorkerProgram.class)
        .web(WebApplicationType.NONE)
        .logStartupInfo(false)
        .initializers(
            (GenericApplicationContext context) ->
                context.registerBean(WorkerSettings.class, () -> settings))
        .run();
  }

  @Bean(destroyMethod = "shutdown")
  WorkflowServiceStubs temporal(WorkerSettings settings) {
    return WorkflowServiceStubs.newServiceStubs(
        WorkflowServiceStubsOptions.newBuilder().setTarget(settings.temporal()).build());
  }

  @Bean
  WorkflowClient client(WorkflowServiceStubs temporal, WorkerSettings settings) {
    WorkflowClientOptions.Builder options =
        WorkflowClientOptions.newBuilder()
            .setNamespace(NAMESPACE)
            .setIdentity(identity())
            .setDataConverter(Payloads.converter());
    if (settings.rateLimits().perSite().isPresent()) {
      // By these the workers of a site know of each other.
      options.setWorkerHeartbeatInterval(SiteShares.LOOK);
    }
    return WorkflowClient.newInstance(temporal, options.build());
  }

  /** In containers the process id and the name of the host are not this process's alone. */
  private static String identity() {
    return "%s#%06x"
        .formatted(
            ManagementFactory.getRuntimeMXBean().getName(), new SecureRandom().nextInt(1 << 24));
  }

  @Bean(destroyMethod = "close")
  SiteShares shares(WorkerSettings settings, WorkflowClient client) {
    return new SiteShares(
        settings.rateLimits(),
        settings.servedSites(),
        new TemporalSiteWorkers(client),
        client.getOptions().getIdentity());
  }

  @Bean(destroyMethod = "close")
  Adapters adapters(WorkerSettings settings) {
    return new Adapters(settings);
  }

  @Bean
  StreamTrust trust(WorkerSettings settings) {
    return new StreamTrust(settings.streams(), Credentials.ofThisMachine(), InstantSource.system());
  }

  @Bean(destroyMethod = "close")
  StreamServers streams(WorkerSettings settings, Adapters adapters, StreamTrust trust) {
    return StreamServers.start(settings.streams(), trust, adapters.servedDisks());
  }

  @Bean
  TemporalWorkers workers(
      WorkerSettings settings,
      WorkflowClient client,
      Adapters adapters,
      SiteShares shares,
      StreamServers streams,
      StreamTrust trust) {
    return new TemporalWorkers(
        settings,
        client,
        adapters,
        shares,
        () -> adapters.forOperations(client, trust),
        site -> adapters.forSite(site, client.getOptions().getIdentity(), streams, trust));
  }
}
