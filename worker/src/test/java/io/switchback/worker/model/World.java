package io.switchback.worker.model;

import static java.util.Objects.requireNonNull;

import io.switchback.lab.DiskConnection;
import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.SiteResources;
import io.switchback.lab.VmDefinition;
import io.switchback.lab.VmView;
import io.switchback.model.CommitWindow;
import io.switchback.model.Pace;
import io.switchback.model.Replica;
import io.switchback.model.RoomSettings;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteSettings;
import io.switchback.operation.ReplicationRequest;
import io.switchback.operation.SwitchTimer;
import io.switchback.operation.SwitchTimerRequest;
import io.switchback.operation.WindowTimer;
import io.switchback.operation.WindowTimerRequest;
import io.switchback.registry.Estate;
import io.switchback.registry.EstateView.FailbackView;
import io.switchback.registry.EstateView.ReplicaView;
import io.switchback.registry.Sites;
import io.switchback.worker.LabGround;
import java.io.IOException;
import java.nio.ByteBuffer;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Two lab sites with real disks, a real registry, and the workers; all that walks share. */
final class World implements AutoCloseable {
  static final int DISKS = 2;
  static final int DISK_BYTES = 256 << 10;

  /** Writes only what it is told to. */
  static final GuestDefinition IDLE = new GuestDefinition(0.0, 1, null, null, null);

  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(3),
          Duration.ofMinutes(2),
          2,
          Duration.ofMillis(100),
          Duration.ofSeconds(30));

  private final LabGround ground;
  private final Connection registry;
  private final Holders holders;
  private final Tally tally;
  private @Nullable Runs runs;
  private int vms;
  private int walks;

  World(Path directory, Tally tally) throws Exception {
    this.tally = tally;
    ground = new LabGround(directory, SiteResources.usual(), SiteResources.usual());
    registry = DriverManager.getConnection(ground.jdbcUrl());
    try (Statement sql = registry.createStatement()) {
      // No walk is about a database that loses power.
      sql.execute("alter system set synchronous_commit = off");
      sql.execute("select pg_reload_conf()");
    }
    describeSites();
    holders = new Holders(this);
  }

  /**
   * Temporal begins anew, before a walk: in memory it grows slower with all that it has seen. On
   * every other walk the workers remember runs from task to task.
   */
  void beginAnew() {
    walks++;
    renew();
  }

  private void renew() {
    if (runs != null) {
      runs.close();
    }
    runs = new Runs(ground, walks % 2 == 1);
  }

  /**
   * Temporal has lost everything, and what goes on beside operations is started anew, with what
   * only a timer knows. That becomes of it here where it skips no time any more: in memory it may
   * wait for ever for what a run that is over had begun.
   */
  void loseTemporal(Replica replica, Model model) {
    renew();
    runs().startReplication(new ReplicationRequest(replica.id(), replica.name(), PACE));
    ReplicaView found = replica(replica.id());
    Window window = model.window();
    if (window != null && window.isOpen()) {
      CommitWindow counts = window.isStopped() ? found.window() : null;
      runs()
          .start(
              WindowTimer.TYPE,
              WindowTimer.workflowId(replica.id()),
              new WindowTimerRequest(
                  replica.id(),
                  replica.name(),
                  0,
                  counts == null ? null : counts.endsAt(),
                  List.of()));
    }
    Wait due = model.due();
    if (due != null && due.hasTimer()) {
      FailbackView open = due.isStopped() ? found.failback() : null;
      runs()
          .start(
              SwitchTimer.TYPE,
              SwitchTimer.workflowId(replica.id()),
              new SwitchTimerRequest(
                  replica.id(),
                  replica.name(),
                  0,
                  open == null ? null : open.failback().switchAt(),
                  List.of(),
                  0,
                  null));
    }
  }

  /** Sites whose steps give up after two attempts, and whose replicas are rarely looked at. */
  private void describeSites() {
    SiteCaps caps = new SiteCaps(10, Map.of(), Map.of());
    RoomSettings room =
        new RoomSettings(
            RoomSettings.DEFAULT.warnBefore(),
            RoomSettings.DEFAULT.alarmBefore(),
            Duration.ofMinutes(59));
    List<SiteSettings> sites =
        List.of("berlin", "potsdam").stream()
            .map(name -> SiteSettings.named(name).caps(caps).pace(PACE).room(room).build())
            .toList();
    new Sites(ground.registry()).write(sites, List.of());
  }

  Runs runs() {
    return requireNonNull(runs, "a walk has begun");
  }

  Holders holders() {
    return holders;
  }

  Tally tally() {
    return tally;
  }

  LabClient production() {
    return ground.production();
  }

  LabClient recovery() {
    return ground.recovery();
  }

  Path site(String name) {
    return ground.site(name);
  }

  /** A name that no VM has. */
  String name() {
    return "vm-%d".formatted(++vms);
  }

  /** A VM at production's site that is off, whose guest writes only what it is told to. */
  Model.Side create() {
    String name = name();
    String address = "10.1.%d.%d".formatted(vms / 250, vms % 250 + 1);
    List<DiskDefinition> disks = new ArrayList<>();
    for (int disk = 0; disk < DISKS; disk++) {
      disks.add(new DiskDefinition(name + "-" + disk, DISK_BYTES, DISK_BYTES / 2));
    }
    production()
        .createVm(
            new VmDefinition(
                name, name, List.of(new NetworkCard("lan", true, address)), disks, IDLE, false),
            null);
    List<String> ids = disks.stream().map(DiskDefinition::id).toList();
    return new Model.Side(name, present(production(), name, ids), false);
  }

  /** What the registry says now of the replica of a VM at production's site, by that VM's id. */
  Optional<ReplicaView> find(String vm) {
    return find(each -> each.production().id().equals(vm));
  }

  /** The same of a replica, by its id. */
  ReplicaView replica(String id) {
    return find(each -> each.id().equals(id)).orElseThrow();
  }

  private Optional<ReplicaView> find(Predicate<Replica> wanted) {
    return new Estate(ground.registry())
        .read(0).replicas().stream().filter(each -> wanted.test(each.replica())).findFirst();
  }

  /** What the disks of a VM hold now. */
  static Image present(LabClient site, String vm, List<String> disks) {
    return new Image(disks.stream().map(disk -> present(site, vm, disk)).toList());
  }

  private static byte[] present(LabClient site, String vm, String disk) {
    ByteBuffer all = ByteBuffer.allocate(DISK_BYTES);
    try (DiskConnection connection = site.openDisk(vm, disk)) {
      connection.read(null, 0, all);
    }
    return all.array();
  }

  /** What the replica's disks hold in a snapshot. */
  Image snapshot(String vm, List<String> disks, String snapshot) throws IOException {
    List<byte[]> found = new ArrayList<>();
    for (String disk : disks) {
      found.add(ground.bytes("potsdam", vm, disk, snapshot));
    }
    return new Image(found);
  }

  /** The windows that the registry has of a replica, those that wait for something included. */
  List<String> windows(String replicaId) throws SQLException {
    return ask(
        """
        select concat_ws(' ', state, at_end, case when ends_at is null then 'waits' else 'open' end)
        from commit_window where replica_id = '%s' order by state
        """
            .formatted(replicaId));
  }

  /** Places among those that start or transfer, all of which end by themselves, do so. */
  void letPlacesEnd() throws SQLException {
    try (Statement sql = registry.createStatement()) {
      sql.execute("delete from admission_lease where ends_at < now() + interval '5 minutes'");
    }
  }

  /** A VM's snapshots by name, the oldest first. */
  static List<String> snapshots(VmView vm) {
    return vm.snapshots().stream().map(one -> one.name()).toList();
  }

  /** The first column of what the registry answers, as text. */
  List<String> ask(String question) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement sql = registry.createStatement();
        ResultSet rows = sql.executeQuery(question)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  @Override
  public void close() throws Exception {
    if (runs != null) {
      runs.close();
    }
    registry.close();
    ground.close();
  }
}
