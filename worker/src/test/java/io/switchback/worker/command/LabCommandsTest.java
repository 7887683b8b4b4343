package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabDaemon;
import io.switchback.lab.LabSettings;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.PowerState;
import io.switchback.lab.SnapshotView;
import io.switchback.lab.TokenKind;
import io.switchback.lab.VmChange;
import io.switchback.lab.VmView;
import io.switchback.model.Firmware;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.SiteAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The lab's commands as people use them, at one site. */
class LabCommandsTest {
  @TempDir Path directory;

  private Home home;
  private LabDaemon daemon;
  private LabClient berlin;
  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeEach
  void start() throws IOException {
    home = new Home(directory.resolve("home"));
    Path site = directory.resolve("berlin");
    daemon = LabDaemon.start(new LabSettings("berlin", site, 0));
    berlin = LabClient.of(site);
    SiteAddress address = new SiteAddress("berlin", daemon.address().toString(), site.toString());
    var _ = home.prepare().services().update(services -> services.withSite(address));
  }

  @AfterEach
  void stop() throws IOException {
    berlin.close();
    daemon.close();
  }

  private int run(String... words) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of("lab"));
    all.addAll(List.of(words));
    all.addAll(List.of("--home", home.directory().toString()));
    CommandLine line = Switchback.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(all.toArray(String[]::new));
  }

  private void done(String... words) {
    assertThat(run(words)).as(err.toString()).isZero();
  }

  private void refused(String... words) {
    assertThat(run(words)).as(out.toString()).isEqualTo(2);
    assertThat(err.toString()).doesNotContain("\tat ");
  }

  private void createIdle() {
    done("create", "web-01", "--site", "berlin", "--writes", "0", "--image", "0", "--disk", "2");
  }

  @Test
  void createsAVmOfTheShapeThatWasAskedFor() {
    done("create", "db-01", "--site", "berlin", "--writes", "0", "--off");
    done(
        "create",
        "app-01",
        "--site",
        "berlin",
        "--off",
        "--cpus",
        "4",
        "--memory",
        "8GiB",
        "--firmware",
        "efi",
        "--folder",
        "erp/app",
        "--tag",
        "gold",
        "--tag",
        "erp",
        "--network",
        "lan",
        "--network",
        "backup",
        "--follows",
        "db-01");
    VmView made = berlin.look("app-01");
    assertThat(made.cpus()).isEqualTo(4);
    assertThat(made.memoryBytes()).isEqualTo(8L << 30);
    assertThat(made.firmware()).isEqualTo(Firmware.EFI);
    assertThat(made.folder()).isEqualTo("erp/app");
    assertThat(made.tags()).containsExactly("erp", "gold");
    assertThat(made.networks())
        .extracting(NetworkCard::network, NetworkCard::address)
        .containsExactly(tuple("lan", "10.0.0.12"), tuple("backup", "10.0.1.12"));
    done("list");
    assertThat(out.toString())
        .contains("erp/app/app-01", "4 CPU, 8.0 GiB", "lan, backup", "tags erp, gold");
  }

  @Test
  void changesWhatAVmIsMadeOf() {
    createIdle();
    done("change", "web-01", "--add-disk", "1MiB", "--grow-disk", "web-01-disk-0=4MiB");
    assertThat(out.toString()).contains("Disk web-01-disk-1 of 1.0 MiB added");
    assertThat(berlin.look("web-01").disks())
        .containsExactly(
            DiskDefinition.empty("web-01-disk-0", 4 << 20),
            DiskDefinition.empty("web-01-disk-1", 1 << 20));
    done("change", "web-01", "--unplug", "lan", "--plug", "backup", "--tag", "gold");
    done("list");
    assertThat(out.toString()).contains("lan (unplugged), backup", "ON host-1");
    done("change", "web-01", "--plug", "lan", "--remove-card", "backup", "--untag", "gold");
    assertThat(berlin.look("web-01").networks())
        .containsExactly(new NetworkCard("lan", true, "10.0.0.11"));
    assertThat(berlin.look("web-01").tags()).isEmpty();
    done("change", "web-01", "--remove-disk", "web-01-disk-1", "--name", "www-01");
    assertThat(berlin.look("www-01").disks()).hasSize(1);
    refused("change", "www-01", "--cpus", "4");
    assertThat(err.toString()).contains("runs. Power it off before changing its CPUs");
    refused("change", "www-01");
    assertThat(err.toString()).contains("Say what changes");
    refused("change", "www-01", "--unplug", "wan");
    assertThat(err.toString()).contains("no card on network 'wan', only on [lan]");
    refused("change", "www-01", "--memory", "much");
    assertThat(err.toString()).contains("'much' is no size");
    done("power", "www-01", "off");
    done("change", "www-01", "--cpus", "4", "--memory", "2GiB", "--firmware", "EFI");
    assertThat(berlin.look("www-01").cpus()).isEqualTo(4);
  }

  @Test
  void startsAVmThatSomebodyLooksAfterOnlyByForce() {
    createIdle();
    done("power", "web-01", "off");
    var _ = berlin.reconfigureVm("web-01", VmChange.none().managedBy("Switchback"), null);
    refused("power", "web-01", "on");
    assertThat(err.toString())
        .contains("not to be started by hand: Switchback")
        .contains("--force");
    assertThat(berlin.look("web-01").power()).isEqualTo(PowerState.OFF);
    done("power", "web-01", "on", "--force");
    done("list");
    assertThat(out.toString()).contains("managed by Switchback");
  }

  @Test
  void showsSnapshotsAndRemovesThemByHand() {
    createIdle();
    done("snapshots", "web-01");
    assertThat(out.toString()).contains("has no snapshots");
    done("snapshots", "web-01", "--create", "one");
    done("snapshots", "web-01", "--create", "two");
    done("snapshots", "web-01");
    assertThat(out.toString()).contains("one", "two", "the VM stands on it");
    done("snapshots", "web-01", "--remove", "one");
    assertThat(berlin.snapshots("web-01")).extracting(SnapshotView::name).containsExactly("two");
    refused("snapshots", "web-01", "--remove", "one");
    assertThat(err.toString()).contains("has no snapshot 'one'. It has: [two]");
    done("snapshots", "web-01", "--revert", "two");
    assertThat(berlin.look("web-01").power()).isEqualTo(PowerState.OFF);
  }

  @Test
  void deletesAVmThatIsOff() {
    createIdle();
    refused("delete", "web-01");
    assertThat(err.toString()).contains("Power it off");
    done("power", "web-01", "off");
    done("delete", "web-01");
    refused("delete", "web-01");
    assertThat(err.toString()).contains("No lab site of this home has a VM 'web-01'");
  }

  @Test
  void takesRoomAwayFromASiteAndShowsWhatIsLeft() {
    createIdle();
    refused("resources", "berlin", "--host", "other=2:3GiB");
    assertThat(err.toString()).contains("'host-1' is in use");
    done("resources", "berlin", "--host", "host-1=2:3GiB", "--datastore", "datastore-1=1MiB");
    assertThat(out.toString()).contains("host-1", "3.0 GiB", "2.0 GiB", "1.0 MiB");
    done("create", "db-01", "--site", "berlin", "--image", "0", "--off", "--memory", "4GiB");
    refused("power", "db-01", "on");
    assertThat(err.toString()).contains("host-1 has 1 CPUs and 2048 MiB left");
    refused("resources", "--host", "host-1=1:1GiB");
    assertThat(err.toString()).contains("Name the site");
    refused("resources", "berlin", "--host", "host-1=many");
    assertThat(err.toString()).contains("write its CPUs and memory as 8:32GiB");
  }

  @Test
  void makesTokensThatAreShownOnceAndTakesThemBack() throws IOException {
    done("token", "berlin", "--read-only", "--expires", "1h");
    String secret = out.toString().strip();
    try (LabClient reader = LabClient.at(daemon.address(), () -> secret)) {
      assertThat(reader.login().kind()).isEqualTo(TokenKind.READ_ONLY);
    }
    Path file = directory.resolve("berlin.token");
    done("token", "berlin", "--file", file.toString());
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    String full = Files.readString(file).strip();
    assertThat(out.toString()).doesNotContain(full);
    refused("token", "berlin", "--file", file.toString());
    assertThat(berlin.tokens()).as("none is made for nothing").hasSize(2);
    done("token", "berlin", "--list");
    assertThat(out.toString()).contains("look", "do everything").doesNotContain(full, secret);
    done("token", "berlin", "--take-back", berlin.tokens().getLast().id());
    assertThat(berlin.tokens()).hasSize(1);
    assertThat(home.log("switchback"))
        .satisfies(
            log -> {
              if (Files.exists(log)) {
                assertThat(log).content().doesNotContain(full, secret);
              }
            });
  }
}
