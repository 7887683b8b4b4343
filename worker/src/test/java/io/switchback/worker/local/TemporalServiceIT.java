package io.switchback.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.operation.Attributes;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("process")
class TemporalServiceIT {
  @TempDir Path directory;
  private final List<String> notices = new ArrayList<>();
  private Home home;
  private TemporalService service;

  @BeforeEach
  void makeHome() {
    home = OwnPorts.home(directory.resolve("home"));
    service = new TemporalService(home, System.getenv(), notices::add);
  }

  @AfterEach
  void stop() {
    service.stop();
  }

  @Test
  void devServerServesItsUiAndKnowsTheSearchAttributes() throws Exception {
    Requires.temporal();

    TemporalAddress address = service.start(new TemporalChoice.Automatic()).address();

    assertThat(address.kind()).isEqualTo(TemporalAddress.Kind.DEV_SERVER);
    assertThat(statusOf(URI.create(address.ui() + "/"))).isEqualTo(200);
    assertThat(searchAttributesAt(address)).containsAll(names());
    assertThat(notices).anyMatch(line -> line.contains(String.valueOf(address.ui())));
    assertThat(service.start(new TemporalChoice.Automatic()).address()).isEqualTo(address);
  }

  @Test
  void devServerKeepsItsRunsAndAddressAfterAKill() {
    Requires.temporal();
    TemporalAddress address = service.start(new TemporalChoice.DevServer()).address();
    startRun(address, "kept");
    StartedProcess process = home.services().read().running(TemporalDevServer.NAME).orElseThrow();
    ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
    handle.destroyForcibly();
    handle.onExit().join();
    assertThat(service.serving()).isEmpty();

    assertThat(service.start(new TemporalChoice.DevServer()).address()).isEqualTo(address);
    String type =
        client(
            address, client -> client.newUntypedWorkflowStub("kept").describe().getWorkflowType());
    assertThat(type).isEqualTo("Anything");
  }

  @Test
  void inProcessTakesRunsWithTheSearchAttributesAndSaysWhatIsMissing() {
    try (RunningTemporal temporal = service.start(new TemporalChoice.InProcess())) {
      assertThat(temporal.address().kind()).isEqualTo(TemporalAddress.Kind.IN_PROCESS);
      assertThat(temporal.address().ui()).isNull();
      startRun(temporal.address(), "run");
    }

    assertThat(notices).singleElement().asString().contains("UI").contains("schedules");
    assertThat(service.serving()).isEmpty();
  }

  @Test
  void fallsBackToInProcessAndSaysWhyWhenThereIsNoBinary() {
    TemporalRelease unreachable =
        new TemporalRelease(
            URI.create("http://127.0.0.1:1/"), PinnedTemporal.version(), notices::add);
    Map<String, String> bare =
        Map.of("PATH", "/nowhere", "XDG_CACHE_HOME", directory.resolve("cache").toString());
    TemporalService without =
        new TemporalService(
            home, new TemporalBinary(bare, unreachable, notices::add), notices::add);

    try (RunningTemporal temporal = without.start(new TemporalChoice.Automatic())) {
      assertThat(temporal.address().kind()).isEqualTo(TemporalAddress.Kind.IN_PROCESS);
    }

    assertThat(notices).singleElement().asString().contains("Go is not on the PATH");
    assertThatThrownBy(() -> without.start(new TemporalChoice.DevServer()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--temporal");
  }

  @Test
  void refusesAGivenAddressThatDoesNotServe() {
    assertThatThrownBy(() -> service.start(new TemporalChoice.Given("127.0.0.1:1", null)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.exitCode()).isEqualTo(ExitCode.UNREACHABLE))
        .hasMessageContaining("127.0.0.1:1");
  }

  private static void startRun(TemporalAddress address, String id) {
    client(
        address,
        client ->
            client
                .newUntypedWorkflowStub(
                    "Anything",
                    WorkflowOptions.newBuilder()
                        .setWorkflowId(id)
                        .setTaskQueue("nobody")
                        .setTypedSearchAttributes(
                            SearchAttributes.newBuilder()
                                .set(Attributes.VM, "web-01")
                                .set(Attributes.PARKED, false)
                                .build())
                        .build())
                .start());
  }

  private static <T> T client(TemporalAddress address, Function<WorkflowClient, T> use) {
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(address.address()).build());
    try {
      return use.apply(WorkflowClient.newInstance(stubs));
    } finally {
      stubs.shutdownNow();
    }
  }

  private static List<String> searchAttributesAt(TemporalAddress address) {
    OperatorServiceStubs stubs =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setTarget(address.address())
                .validateAndBuildWithDefaults());
    try {
      return List.copyOf(
          stubs
              .blockingStub()
              .listSearchAttributes(
                  ListSearchAttributesRequest.newBuilder()
                      .setNamespace(TemporalProbe.DEFAULT_NAMESPACE)
                      .build())
              .getCustomAttributesMap()
              .keySet());
    } finally {
      stubs.shutdownNow();
    }
  }

  private static List<String> names() {
    return Attributes.ALL.stream().map(key -> key.getName()).toList();
  }

  private static int statusOf(URI address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
