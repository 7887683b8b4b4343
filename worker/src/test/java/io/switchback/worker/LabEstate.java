package io.switchback.worker;

import io.switchback.fault.FaultInterceptor;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.SiteResources;
import io.switchback.lab.VmDefinition;
import io.switchback.lab.VmView;
import io.switchback.model.Firmware;
import io.switchback.operation.Attributes;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.switchback.operation.Workflows;
import io.switchback.port.Payloads;
import io.switchback.port.Queues;
import io.switchback.registry.Estate;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.registry.RegistryDatabase;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactoryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * An estate on its {@link LabGround}: one worker for each site, which does not know the other.
 * Temporal is in memory; time is real.
 */
final class LabEstate implements AutoCloseable {
  static final long MIB = 1 << 20;

  /** What tells of the past, or only grows: no protection is over when it is gone. */
  private static final Set<String> HISTORY =
      Set.of(
          "audit", // only appended to
          "excluded_vm", // a person's word, which tags and folders heed
          "greeting", // the highest fences that sites have seen
          "policy", // a policy is known by its name, whoever is under it
          "room_sample", // how full the site was; nothing of any VM
          "flyway_schema_history");

  private static final Set<String> HISTORY_OF_SITE = Set.of("effects.jsonl", "fences.jsonl");

  final LabClient production;
  final LabClient recovery;
  final RegistryDatabase registry;
  final WorkflowClient client;

  private final LabGround ground;
  private final TestWorkflowEnvironment temporal;

  LabEstate(Path directory, SiteResources recoveryResources) throws Exception {
    this(directory, SiteResources.usual(), recoveryResources);
  }

  LabEstate(Path directory, SiteResources productionResources, SiteResources recoveryResources)
      throws Exception {
    ground = new LabGround(directory, productionResources, recoveryResources);
    production = ground.production();
    recovery = ground.recovery();
    registry = ground.registry();
    TestEnvironmentOptions.Builder options =
        TestEnvironmentOptions.newBuilder()
            .setUseTimeskipping(false)
            .setWorkerFactoryOptions(
                WorkerFactoryOptions.newBuilder()
                    .setWorkerInterceptors(new FaultInterceptor())
                    .build())
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder().setDataConverter(Payloads.converter()).build());
    Attributes.ALL.forEach(
        key -> options.registerSearchAttribute(key.getName(), key.getValueType()));
    temporal = TestWorkflowEnvironment.newInstance(options.build());
    client = temporal.getWorkflowClient();
    serve();
  }

  private void serve() {
    ground
        .activities(client)
        .forEach(
            (queue, activities) -> {
              Worker worker = temporal.newWorker(queue);
              if (queue.equals(Queues.SWITCHBACK)) {
                worker.registerWorkflowImplementationTypes(Workflows.ALL.toArray(Class<?>[]::new));
              }
              worker.registerActivitiesImplementations(activities);
            });
    temporal.start();
  }

  /** A production VM that is off, with one disk of 8 MiB that holds something but for its start. */
  VmView create(String name, String... tags) {
    return production.createVm(
        new VmDefinition(
            name,
            name,
            List.of(new NetworkCard("lan", true, null)),
            List.of(new DiskDefinition(name + "-0", 8 * MIB, 7 * MIB + MIB / 2)),
            GuestDefinition.usual(),
            false,
            "",
            List.of(tags),
            2,
            2048 * MIB,
            Firmware.BIOS,
            "",
            "",
            ""),
        null);
  }

  /** Runs an operation to its end. */
  OperationResult run(String type, String input) {
    WorkflowStub run =
        client.newUntypedWorkflowStub(
            type, WorkflowOptions.newBuilder().setTaskQueue(Queues.SWITCHBACK).build());
    run.start(Payloads.mapper().readTree(input));
    return run.getResult(OperationResult.class);
  }

  /** Runs one cycle of the VM's loop. */
  ReplicationStatus cycle(String vm) {
    return client
        .newUntypedWorkflowStub(Replication.workflowId(now(vm).replica().id()))
        .update("replicateNow", ReplicationStatus.class);
  }

  /** What the registry says of the VM's replica now. */
  ReplicaView now(String vm) {
    return find(vm).orElseThrow();
  }

  Optional<ReplicaView> find(String vm) {
    return new Estate(registry)
        .read(0).replicas().stream().filter(each -> each.replica().name().equals(vm)).findFirst();
  }

  /** What a disk holds in a snapshot. */
  byte[] bytes(String site, String vm, String disk, String snapshot) throws IOException {
    return ground.bytes(site, vm, disk, snapshot);
  }

  Path site(String name) {
    return ground.site(name);
  }

  /**
   * Everything that is there: the VMs and files of both sites and the rows of the registry, but for
   * what only tells of the past.
   */
  Map<String, List<String>> everything() throws IOException, SQLException {
    Map<String, List<String>> all = new TreeMap<>();
    for (LabClient site : List.of(production, recovery)) {
      all.put("VMs of " + site.site().site(), vms(site));
      all.put("files of " + site.site().site(), files(site.site().directory()));
    }
    try (Connection connection = DriverManager.getConnection(ground.jdbcUrl());
        Statement sql = connection.createStatement()) {
      for (String table :
          column(sql, "select tablename from pg_tables where schemaname = 'public'")) {
        if (!HISTORY.contains(table)) {
          all.put("table " + table, column(sql, "select t::text from %s t".formatted(table)));
        }
      }
    }
    return all;
  }

  List<String> column(String query) throws SQLException {
    try (Connection connection = DriverManager.getConnection(ground.jdbcUrl());
        Statement sql = connection.createStatement()) {
      return column(sql, query);
    }
  }

  private static List<String> column(Statement sql, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = sql.executeQuery(query + " order by 1")) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  /** But for fence and time, which go on. */
  private static List<String> vms(LabClient site) {
    return site.site().vms().stream()
        .map(vm -> vm.toString().replaceAll("fence=[^,]*, |, at=[^\\]]*", ""))
        .toList();
  }

  private static List<String> files(Path site) throws IOException {
    try (Stream<Path> files = Files.walk(site)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> site.relativize(file).toString())
          .filter(file -> !HISTORY_OF_SITE.contains(file))
          .sorted()
          .toList();
    }
  }

  /** Waits until it is so, looking often. */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not so within 30 s: " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
  }

  @Override
  public void close() throws Exception {
    temporal.close();
    ground.close();
  }
}
