package io.switchback.worker;

import io.switchback.port.Payloads;
import io.switchback.worker.site.Credentials;
import io.switchback.worker.stream.StreamServers;
import io.switchback.worker.stream.StreamTrust;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
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
  WorkflowClient client(WorkflowServiceStubs temporal) {
    return WorkflowClient.newInstance(
        temporal,
        WorkflowClientOptions.newBuilder()
            .setNamespace(NAMESPACE)
            .setDataConverter(Payloads.converter())
            .build());
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
      StreamServers streams,
      StreamTrust trust) {
    return new TemporalWorkers(
        settings,
        client,
        adapters,
        () -> adapters.forOperations(client, trust),
        () -> adapters.forSites(client.getOptions().getIdentity(), streams, trust));
  }
}
