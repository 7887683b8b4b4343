package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.vsphere.TransferAppliance;
import io.switchback.worker.WorkerSettings;
import io.switchback.worker.local.Home;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WorkerCommandTest {
  private static final String URL = "jdbc:postgresql://db/dr?user=kim&password=hunter2";

  @TempDir Path directory;

  @Test
  void findsItsSecretsWhereAReferenceLeadsSoThatNobodySeesThemAmongTheProcesses()
      throws IOException {
    Path registry = Files.writeString(directory.resolve("registry"), URL + "\n");
    Path webhook = Files.writeString(directory.resolve("webhook"), "https://chat.example/s3cret");

    WorkerSettings settings =
        settings("--registry", "file:" + registry, "--webhook", "file:" + webhook);

    assertThat(settings.registry()).isEqualTo(URL);
    assertThat(settings.webhook()).isEqualTo("https://chat.example/s3cret");
    assertThat(settings.toString()).doesNotContain("hunter2", "s3cret");
  }

  @Test
  void takesWhatTheOptionsSayThemselves() {
    assertThat(settings("--registry", URL, "--webhook", "").registry()).isEqualTo(URL);
  }

  @Test
  void saysWhichOptionLeadsToNothing() {
    assertThatThrownBy(() -> settings("--registry", "file:" + directory.resolve("none")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--registry cannot be had: there is no file")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void takesWhereDisksAreServedAndByWhichCertificatesAndKeys() {
    WorkerSettings settings =
        settings(
            "--queues=switchback,site.berlin",
            "--registry=" + URL,
            "--data-address=berlin=10.1.0.5:7500",
            "--certificates=berlin=/etc/switchback/berlin-worker",
            "--grant-keys=/etc/switchback/grant.key.pub",
            "--grant-signing-key=env:GRANT_KEY");

    assertThat(settings.streams().addresses())
        .containsExactly(Map.entry("berlin", new HostPort("10.1.0.5", 7500)));
    assertThat(settings.streams().certificates())
        .containsExactly(Map.entry("berlin", Path.of("/etc/switchback/berlin-worker")));
    assertThat(settings.streams().grantKeys()).contains(Path.of("/etc/switchback/grant.key.pub"));
    assertThat(settings.streams().signingKey()).hasToString("Optional[env:GRANT_KEY]");
    assertThat(settings.streams().fences()).isAbsolute().endsWithRaw(Path.of("data/fences"));
  }

  @Test
  void refusesAStreamThatTheWorkersQueuesDoNotFit() {
    assertThatThrownBy(() -> settings("--queues=site.berlin", "--grant-signing-key=env:GRANT_KEY"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("for workers of the queue switchback alone");
    assertThatThrownBy(
            () ->
                settings(
                    "--queues=site.berlin",
                    "--plain-text",
                    "--grant-keys=grant.pub",
                    "--data-address=potsdam=127.0.0.1:7500"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("whose queue this worker does not poll");
    assertThatThrownBy(
            () ->
                settings(
                    "--queues=site.berlin",
                    "--plain-text",
                    "--grant-keys=grant.pub",
                    "--data-address=berlin=10.1.0.5:7500"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("--plain-text is for streams within one machine");
  }

  @Test
  void readsTheApplianceThatTheWorkerRunsOn() {
    WorkerSettings settings =
        settings("--queues=site.bonn,site.kiel", "--appliance=bonn=transfer-1,kiel=transfer-2");

    assertThat(settings.appliances())
        .containsOnly(
            Map.entry("bonn", TransferAppliance.of("transfer-1")),
            Map.entry("kiel", TransferAppliance.of("transfer-2")));
    assertThat(settings("--queues=site.bonn").appliances()).isEmpty();
  }

  @Test
  void refusesAnApplianceThatTheWorkersQueuesDoNotFit() {
    assertThatThrownBy(() -> settings("--queues=site.bonn", "--appliance=kiel=transfer-2"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("an appliance is of a site whose queue this worker does not poll");
    assertThatThrownBy(() -> settings("--queues=site.bonn", "--appliance=bonn= "))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("name the VM that this worker runs on");
  }

  private WorkerSettings settings(String... options) {
    WorkerCommand command = new WorkerCommand();
    List<String> all = new ArrayList<>(List.of("--temporal", "127.0.0.1:7233"));
    all.addAll(List.of(options));
    new CommandLine(command).parseArgs(all.toArray(String[]::new));
    return command.settings(new Home(directory.resolve("home")).services().read());
  }
}
