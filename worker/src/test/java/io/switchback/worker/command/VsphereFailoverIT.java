package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.operation.Replication;
import io.switchback.operation.ReplicationStatus;
import io.switchback.vsphere.ByteSite;
import io.switchback.vsphere.ByteTier;
import io.switchback.worker.WorkerProgram;
import io.switchback.worker.WorkerSettings;
import io.switchback.worker.run.TemporalConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;

/**
 * A VM from one vCenter to the other and home again, with a real Temporal and a real registry. The
 * vCenters are simulated, and their bytes are a fixture of our own (byte tier); {@code vm-0} is
 * protected, {@code vm-1} of each site is its transfer appliance.
 */
@ByteTier
class VsphereFailoverIT {
  private static final String PRODUCTION = "vm-0";
  private static final String REPLICA = "vm-0_replica";
  private static final String VMS = "{\"vms\":[\"vm-0\"]}";

  @TempDir Path directory;
  private @Nullable HomeCommands commands;
  private @Nullable ConfigurableApplicationContext worker;
  private ByteSite berlin;
  private ByteSite potsdam;

  @BeforeEach
  void start() throws IOException {
    HomeCommands home = new HomeCommands(directory);
    commands = home;
    home.done("temporal", "start", "--detach");
    berlin = ByteSite.start("berlin", "-vms", "2", "-disk-mib", "4", "-tools");
    potsdam = ByteSite.start("potsdam", "-vms", "2", "-disk-mib", "4", "-tools");
    Path sites = directory.resolve("sites.yaml");
    Files.writeString(
        sites,
        """
        sites:
        %s%spairs:
          - production: berlin
            recovery: potsdam
            networks:
              - {production: DC0_DVPG0, recovery: DC0_DVPG0}
        """
            .formatted(described("berlin", berlin), described("potsdam", potsdam)));
    home.done("site", "add", "--file", sites.toString());
    WorkerCommand command = new WorkerCommand();
    new CommandLine(command)
        .parseArgs(
            "--queues=switchback,site.berlin,site.potsdam",
            "--sites-file=" + sites,
            "--make-current",
            "--home=" + home.home.directory());
    worker = WorkerProgram.run(onAppliances(command.settings(home.home.services().read())));
  }

  /** Both in one process, so each has a folder of devices of its own. */
  private WorkerSettings onAppliances(WorkerSettings plain) {
    return new WorkerSettings(
        plain.temporal(),
        plain.registry(),
        plain.queues(),
        plain.sites(),
        plain.vcenters(),
        plain.credentials(),
        plain.webhook(),
        plain.makeCurrent(),
        plain.metricsPort(),
        plain.streams(),
        plain.rateLimits(),
        Map.of("berlin", berlin.appliance("vm-1"), "potsdam", potsdam.appliance("vm-1")));
  }

  private String described(String site, ByteSite vcenter) throws IOException {
    Path password = directory.resolve(site + ".password");
    Files.createFile(
        password,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(password, vcenter.login().password());
    return """
          %s:
            kind: vsphere
            address: %s
            credential: file:%s
            vcenter: {user: %s, trust: "%s"}
        """
        .formatted(site, vcenter.address(), password, vcenter.login().user(), vcenter.trust());
  }

  @AfterEach
  void stop() {
    if (worker != null) {
      worker.close();
    }
    if (commands != null) {
      commands.run("stop");
    }
    for (ByteSite site : new ByteSite[] {berlin, potsdam}) {
      if (site != null) {
        site.close();
      }
    }
  }

  @Test
  void aVmFailsOverIsTakenBackFailsOverAgainAndComesHome() {
    HomeCommands home = commands;

    byte[] seeded = bytes("what production held when it was protected");
    berlin.write(PRODUCTION, 1 << 20, seeded);
    home.done(
        "start",
        "protect",
        """
        {"vms":["vm-0"],"from":"berlin","to":"potsdam",
         "policy":{"name":"hourly","interval":"PT1H"}}
        """,
        "--wait");
    home.until("it is ready", () -> home.is(PRODUCTION, "READY"));
    assertThat(potsdam.vms()).contains(REPLICA);
    assertThat(potsdam.read(REPLICA)).isEqualTo(berlin.read(PRODUCTION));
    assertNothingAttached();

    // The simulator's guests are ready when an option of their configuration says so: in a restore
    // point, it is there after a revert.
    potsdam.runTools(REPLICA);
    berlin.write(PRODUCTION, 3 << 20, bytes("and what it wrote later"));
    assertThat(cycle(home).problem()).isEmpty();
    assertThat(potsdam.snapshots(REPLICA)).hasSize(2);
    byte[] production = berlin.read(PRODUCTION);

    home.done("start", "partial-failover", VMS, "--wait");
    assertThat(home.is(PRODUCTION, "FAILOVER")).isTrue();
    assertThat(potsdam.isOn(REPLICA)).isTrue();
    assertThat(potsdam.read(REPLICA)).isEqualTo(production);
    potsdam.write(REPLICA, 2 << 20, bytes("written in vain"));

    home.done("start", "undo-failover", VMS, "--wait");
    assertThat(home.is(PRODUCTION, "READY")).isTrue();
    assertThat(potsdam.isOn(REPLICA)).isFalse();
    assertThat(potsdam.read(REPLICA)).isEqualTo(production);
    assertThat(berlin.read(PRODUCTION)).isEqualTo(production);

    home.done("start", "partial-failover", VMS, "--wait");
    potsdam.write(REPLICA, 2 << 20, bytes("what the replica wrote"));
    byte[] replica = potsdam.read(REPLICA);
    home.done("start", "failback", VMS, "--wait");
    assertThat(home.is(PRODUCTION, "FAILBACK")).isTrue();
    assertThat(potsdam.isOn(REPLICA)).isFalse();
    assertThat(berlin.read(PRODUCTION)).isEqualTo(replica).isNotEqualTo(production);
    assertNothingAttached();

    home.done("start", "undo-failback", VMS, "--wait");
    assertThat(home.is(PRODUCTION, "FAILOVER")).isTrue();
    assertThat(berlin.read(PRODUCTION)).isEqualTo(production);
    assertThat(potsdam.isOn(REPLICA)).isTrue();
    assertThat(potsdam.read(REPLICA)).isEqualTo(replica);

    home.done("start", "failback", VMS, "--wait");
    home.done("start", "commit-failback", VMS, "--wait");
    assertThat(berlin.read(PRODUCTION)).isEqualTo(replica);
    ReplicationStatus after = cycle(home);
    assertThat(after.problem()).isEmpty();
    assertThat(after.rungs()).allMatch(rung -> rung.contains("CHANGE_LIST"));
    assertThat(berlin.snapshots(PRODUCTION)).isEmpty();

    home.done("start", "unprotect", "{\"vms\":[\"vm-0\"],\"replica\":\"remove\"}", "--wait");
    assertThat(potsdam.vms()).doesNotContain(REPLICA);
    assertNothingAttached();
  }

  /** Replicates now. */
  private static ReplicationStatus cycle(HomeCommands home) {
    try (TemporalConnection temporal =
        TemporalConnection.open(home.home.services().read().temporal())) {
      return temporal
          .client()
          .newUntypedWorkflowStub(Replication.workflowId(home.replicaId(PRODUCTION)))
          .update("replicateNow", ReplicationStatus.class);
    }
  }

  private void assertNothingAttached() {
    assertThat(berlin.diskFiles("vm-1")).hasSize(1);
    assertThat(potsdam.diskFiles("vm-1")).hasSize(1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
