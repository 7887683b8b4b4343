package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabDaemon;
import io.switchback.lab.LabSettings;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.lab.witness.Witness;
import io.switchback.model.HttpCheck;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Policy;
import io.switchback.model.Replica;
import io.switchback.model.SiteCaps;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.registry.Estate;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.registry.RegistryDatabase;
import io.switchback.registry.RegistrySettings;
import io.switchback.registry.Sites;
import io.switchback.worker.local.Cache;
import io.switchback.worker.local.EmbeddedPostgres;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.OwnPorts;
import io.switchback.worker.local.RegistryLogin;
import io.switchback.worker.local.Requires;
import io.switchback.worker.local.TemporalAddress;
import io.switchback.worker.local.TemporalDevServer;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Two lab sites, a real Temporal, a real PostgreSQL and two workers; one VM that is failed over and
 * back all the time.
 */
final class CrashEstate implements AutoCloseable {
  static final String VM = "web-01";

  /** Id of its replica's VM: the first that this registry numbers. */
  static final String REPLICA = VM + ".1_replica";

  /** How soon a dead worker is noticed; two cores under load are silent for a while. */
  private final Duration heartbeat;

  final Path directory;
  final Home home;
  final LabClient production;
  final LabClient recovery;
  final WorkflowClient temporal;
  final List<WorkerProcess> workers;
  final List<Replica> replicas;

  /** The first of them, or the only one. */
  final Replica replica;

  final TemporalDevServer server;
  private final Path binary;
  private final LabDaemon berlin;
  private final LabDaemon potsdam;
  private final EmbeddedPostgres postgres;
  private final String registry;
  private final WorkflowServiceStubs stubs;
  private final HttpServer checks;
  private String newest = "";
  private String chosen = "latest";
  private volatile CountDownLatch checkHit = new CountDownLatch(0);
  private volatile CountDownLatch checkReleased = new CountDownLatch(0);

  /** One VM that runs, at sites that let ten start at once. */
  CrashEstate(Path directory) throws Exception {
    this(directory, List.of(VM), 10, Duration.ZERO);
  }

  /**
   * Protects VMs; only the first of them runs at production.
   *
   * @param startingAtMost VMs at once at each site
   * @param boot from a replica's power-on until its tools answer
   */
  CrashEstate(Path directory, List<String> vms, int startingAtMost, Duration boot)
      throws Exception {
    this.directory = directory;
    boolean isImpatient = vms.size() == 1;
    heartbeat = Duration.ofSeconds(isImpatient ? 2 : 6);
    home = OwnPorts.home(directory.resolve("home"));
    Path cli = Requires.temporal();
    binary = isImpatient ? ImpatientTemporal.of(cli, directory) : cli;
    postgres = new EmbeddedPostgres(home, Cache.of(System.getenv()));
    registry = postgres.start().jdbcUrl();
    server = new TemporalDevServer(home);
    TemporalAddress address = server.start(binary);
    berlin = LabDaemon.start(new LabSettings("berlin", directory.resolve("berlin"), 0));
    potsdam = LabDaemon.start(new LabSettings("potsdam", directory.resolve("potsdam"), 0));
    production = LabClient.of(directory.resolve("berlin"));
    recovery = LabClient.of(directory.resolve("potsdam"));
    checks = serveChecks();
    stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(address.address()).build());
    temporal =
        WorkflowClient.newInstance(
            stubs,
            WorkflowClientOptions.newBuilder().setDataConverter(Payloads.converter()).build());
    create(vms);
    describeSites(startingAtMost);
    URI database = URI.create(registry.substring("jdbc:".length()));
    int temporalPort = Integer.parseInt(address.address().replaceAll(".*:", ""));
    List<String> sites =
        List.of("berlin=" + directory.resolve("berlin"), "potsdam=" + directory.resolve("potsdam"));
    String query = database.getPath().substring(1) + "?" + database.getQuery();
    workers =
        List.of(
            new WorkerProcess(
                directory, "worker-a", database.getPort(), query, temporalPort, sites),
            new WorkerProcess(
                directory, "worker-b", database.getPort(), query, temporalPort, sites));
    replicas = protect(vms);
    replica = replicas.getFirst();
    replicas.forEach(one -> boots(one, boot));
    until(
        "the first restore points",
        () -> replicas.stream().noneMatch(one -> newestPoint(one).isEmpty()));
    newest = newestPoint(replica);
  }

  private void boots(Replica one, Duration delay) {
    if (delay.isPositive()) {
      recovery.replaceGuest(
          one.recovery().id(), new GuestDefinition(0.0, 5, delay, true, null), null);
    }
  }

  private void create(List<String> vms) {
    for (int i = 0; i < vms.size(); i++) {
      String name = vms.get(i);
      production.createVm(
          new VmDefinition(
              name,
              name,
              List.of(new NetworkCard("tenant", true, "10.10.0." + (11 + i))),
              List.of(new DiskDefinition(name + "-disk-0", 64 << 20, i == 0 ? 1 << 20 : 1 << 16)),
              new GuestDefinition(20.0, 5, Duration.ZERO, true, null),
              true),
          null);
    }
    production.powerOn(vms.getFirst(), null);
  }

  private void describeSites(int startingAtMost) {
    SiteCaps caps = new SiteCaps(startingAtMost, Map.of(), Map.of());
    Function<String, SiteSettings> site =
        name -> SiteSettings.named(name).caps(caps).pace(pace()).build();
    List<NetworkMapping> networks = List.of(new NetworkMapping("tenant", "tenant", ""));
    try (RegistryDatabase database = RegistryDatabase.open(RegistryLogin.of(registry))) {
      new Sites(database)
          .write(
              List.of(site.apply("berlin"), site.apply("potsdam")),
              List.of(new SitePair("berlin", "potsdam", networks)));
    }
  }

  private List<Replica> protect(List<String> vms) throws Exception {
    String guest = "http://127.0.0.1:" + checks.getAddress().getPort() + "/";
    Policy policy =
        Policy.every("crash", Duration.ofHours(1))
            .keeping(5)
            .checkedBy(new HttpCheck(guest, 200, Duration.ofSeconds(30)));
    WorkflowStub run =
        temporal.newUntypedWorkflowStub(
            "Protect", WorkflowOptions.newBuilder().setTaskQueue(Queues.SWITCHBACK).build());
    run.start(Map.of("vms", vms, "from", "berlin", "to", "potsdam", "policy", policy));
    OperationResult result = end(run);
    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.DONE);
    try (RegistryDatabase database = RegistryDatabase.open(RegistryLogin.of(registry))) {
      Map<String, Replica> made =
          new Estate(database)
              .read(0).replicas().stream()
                  .map(ReplicaView::replica)
                  .collect(Collectors.toMap(Replica::name, Function.identity()));
      return vms.stream().map(made::get).toList();
    }
  }

  private Pace pace() {
    return new Pace(
        heartbeat, Duration.ofMinutes(2), 10, Duration.ofMillis(300), Duration.ofSeconds(30));
  }

  private HttpServer serveChecks() throws IOException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
    http.createContext(
        "/",
        exchange -> {
          CountDownLatch release = checkReleased;
          checkHit.countDown();
          try {
            release.await();
          } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
          }
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    http.start();
    return http;
  }

  /** The next check's answer is kept back until released. */
  void holdCheck() {
    checkReleased = new CountDownLatch(1);
    checkHit = new CountDownLatch(1);
  }

  boolean awaitCheck(long seconds) throws InterruptedException {
    return checkHit.await(seconds, TimeUnit.SECONDS);
  }

  void releaseCheck() {
    CountDownLatch release = checkReleased;
    checkReleased = new CountDownLatch(0);
    release.countDown();
  }

  /** Id of the newest restore point; empty before the first. */
  private String newestPoint(Replica one) {
    try {
      ReplicationStatus status =
          temporal
              .newUntypedWorkflowStub(Replication.workflowId(one.id()))
              .query("status", ReplicationStatus.class);
      return status.newest() == null ? "" : status.newest().id();
    } catch (RuntimeException notYet) {
      return "";
    }
  }

  /** The VM at the restore point before its newest: there a revert changes something. */
  List<?> chosen() {
    return List.of(Map.of("name", VM, "restorePoint", chosen));
  }

  /** Starts the operation over the VM; production goes on, which the input overrides. */
  WorkflowStub begin(String type) {
    return begin(type, type.equals("PartialFailover") ? chosen() : List.of(VM));
  }

  /** Starts the operation over VMs, named as its input names them. */
  WorkflowStub begin(String type, List<?> vms) {
    Map<String, Object> input = new HashMap<>();
    boolean failover = type.equals("PartialFailover");
    input.put("vms", vms);
    input.put("by", "crash test");
    if (failover) {
      input.put(
          "overrides",
          List.of(
              Map.of(
                  "check",
                  "productionStillRuns",
                  "by",
                  "crash test",
                  "reason",
                  "production runs on")));
    }
    WorkflowStub run =
        temporal.newUntypedWorkflowStub(
            type,
            WorkflowOptions.newBuilder()
                .setTaskQueue(Queues.SWITCHBACK)
                .setWorkflowId(type + "/" + UUID.randomUUID())
                .build());
    run.start(input);
    return run;
  }

  /** Runs a replication cycle of the VM to its end. */
  ReplicationStatus replicate() {
    return temporal.newUntypedWorkflowStub(loop()).update("replicateNow", ReplicationStatus.class);
  }

  /** Workflow id of the VM's replication. */
  String loop() {
    return Replication.workflowId(replica.id());
  }

  /** Id of the newest restore point before the test. */
  String newest() {
    return newest;
  }

  /** Waits for the end of an operation. */
  static OperationResult end(WorkflowStub run) throws Exception {
    return run.getResult(180, TimeUnit.SECONDS, OperationResult.class);
  }

  /** What the witness says of the failed-over replica. */
  JsonNode testimony() throws IOException {
    return Payloads.mapper()
        .readTree(
            Witness.failover(
                    directory.resolve("berlin"),
                    VM,
                    directory.resolve("potsdam"),
                    replica.recovery().name())
                .toJson());
  }

  /** The effect journal of the recovery site, oldest first. */
  List<JsonNode> journal() throws IOException {
    String text = Files.readString(directory.resolve("potsdam/effects.jsonl"));
    // The last line may be half written at this moment.
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .map(line -> Payloads.mapper().readTree(line))
        .toList();
  }

  /** How many VMs hold a place among the starting ones of the recovery site now. */
  int starting() {
    try (RegistryDatabase database = RegistryDatabase.open(RegistryLogin.of(registry))) {
      return new Estate(database)
          .read(0).sites().stream()
              .filter(site -> site.name().equals("potsdam"))
              .findFirst()
              .orElseThrow()
              .starting();
    }
  }

  /**
   * How often each operation's step changed each target at the recovery site, by its effect
   * journal. What takes a step back bears its name, and is another kind of effect.
   */
  Map<String, Integer> effects() throws IOException {
    Map<String, Integer> counted = new HashMap<>();
    for (JsonNode effect : journal()) {
      String operation = effect.path("operationId").asString("");
      boolean changes =
          !operation.isEmpty()
              && !operation.startsWith("cycle/")
              && !effect.path("kind").asString("").equals("fence");
      if (changes) {
        String key =
            "%s/%s/%s/%s/%s"
                .formatted(
                    operation,
                    effect.path("step").asString(""),
                    effect.path("kind").asString(""),
                    effect.path("disk").asString(effect.path("vm").asString("")),
                    // A switch removes the round before and its own: two targets.
                    effect.path("details").path("snapshotName").asString(""));
        counted.merge(key, 1, Integer::sum);
      }
    }
    return counted;
  }

  void assertNothingWasDoneTwice() throws IOException {
    assertThat(effects().entrySet())
        .as("changes per operation, step and target")
        .allSatisfy(effect -> assertThat(effect.getValue()).as(effect.getKey()).isEqualTo(1));
  }

  /** The number that a query of the registry answers. */
  long count(String query) {
    RegistrySettings login = RegistryLogin.of(registry);
    try (Connection connection =
            DriverManager.getConnection(login.url(), login.user(), login.password());
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    } catch (SQLException failed) {
      throw new AssertionError(query, failed);
    }
  }

  /** Changes what the registry says; answers how many rows. */
  int change(String statement) {
    RegistrySettings login = RegistryLogin.of(registry);
    try (Connection connection =
            DriverManager.getConnection(login.url(), login.user(), login.password());
        Statement sql = connection.createStatement()) {
      return sql.executeUpdate(statement);
    } catch (SQLException failed) {
      throw new AssertionError(statement, failed);
    }
  }

  /** Waits, on whatever the machine does meanwhile, for something that must happen. */
  static void until(String what, BooleanSupplier happened) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(180);
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for " + what).isLessThan(deadline);
      Thread.onSpinWait();
      java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  /** Kills the dev server: what it had not written is gone. */
  void killTemporal() {
    long pid = home.services().read().running(TemporalDevServer.NAME).orElseThrow().pid();
    ProcessHandle handle = ProcessHandle.of(pid).orElseThrow();
    handle.destroyForcibly();
    handle.onExit().join();
  }

  /** Starts it again on what it kept, at the same address. */
  void startTemporal() {
    String before = home.services().read().temporal().address();
    assertThat(server.start(binary).address()).isEqualTo(before);
  }

  /** Takes the registry away. */
  void stopRegistry() {
    assertThat(postgres.stop()).isTrue();
  }

  /** Starts it again, at the same address. */
  void startRegistry() {
    String before = home.services().read().registry().jdbcUrl();
    assertThat(postgres.start().jdbcUrl()).isEqualTo(before);
  }

  /** Starts the workers that do not run. */
  void startWorkers() throws IOException {
    for (WorkerProcess worker : workers) {
      worker.start();
    }
  }

  /**
   * Brings back what an earlier test has taken away, so that each one begins with two workers and a
   * READY replica.
   */
  void recover() throws Exception {
    production.clearScripts();
    recovery.clearScripts();
    releaseCheck();
    for (WorkerProcess worker : workers) {
      worker.postgres.hold();
      worker.temporal.hold();
    }
    startWorkers();
    if (recovery.look(REPLICA).power() == io.switchback.lab.PowerState.ON) {
      end(begin("UndoFailover"));
    }
    // The cycle that an undo has woken makes the same calls as the operation that the next test
    // wants to catch.
    ReplicationStatus made = replicate();
    // The replica's disks stand on the newest point: only the one before it makes a revert change
    // something.
    chosen = newest;
    newest = made.newest().id();
  }

  @Override
  public void close() throws Exception {
    for (WorkerProcess worker : workers) {
      worker.close();
    }
    stubs.shutdownNow();
    checks.stop(0);
    production.close();
    recovery.close();
    berlin.close();
    potsdam.close();
    server.stop();
    postgres.stop();
  }
}
