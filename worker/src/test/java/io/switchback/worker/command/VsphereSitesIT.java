package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.port.Payloads;
import io.switchback.vsphere.Vcsim;
import io.switchback.worker.WorkerProgram;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** Sites on simulated vCenters as their operator describes and checks them at the command. */
@Tag("process")
class VsphereSitesIT {
  @TempDir Path directory;
  private @Nullable HomeCommands commands;
  private @Nullable ConfigurableApplicationContext worker;

  @AfterEach
  void stop() {
    if (worker != null) {
      worker.close();
    }
    if (commands != null) {
      commands.run("stop");
    }
  }

  @Test
  void vcentersAreDescribedInAFileServedByAWorkerAndChecked() throws Exception {
    HomeCommands home = new HomeCommands(directory);
    commands = home;
    home.done("temporal", "start", "--detach");
    try (Vcsim berlin = Vcsim.start("berlin", "-tools");
        Vcsim potsdam = Vcsim.start("potsdam", "-tools")) {
      Path sites = directory.resolve("sites.yaml");
      Files.writeString(
          sites,
          "sites:\n"
              + described("berlin", berlin, "file:" + berlin.certificate())
              + described("potsdam", potsdam, "sha256:" + fingerprint(potsdam)));
      home.done("site", "add", "--file", sites.toString());
      worker = serve(home, sites);

      home.until("the worker serves both sites", () -> home.run("site", "check", "potsdam") == 0);
      assertThat(home.run("site", "check", "--json")).as(home.out()).isEqualTo(1);
      JsonNode checked = Payloads.mapper().readTree(home.out());
      assertThat(checked.get("logins").valueStream().map(login -> fact(login, "vCenter")))
          .contains(Vcsim.instanceUuid("berlin"), Vcsim.instanceUuid("potsdam"));
      assertThat(checked.at("/logins/0/vms/1/name").asString()).isEqualTo("vm-1");
      assertThat(checked.at("/logins/0/vms/1/tracking").asString()).isEqualTo("OFF");
      assertThat(home.run("site", "check", "berlin")).as(home.out()).isEqualTo(1);
      assertThat(home.out())
          .contains("TRANSFER_APPLIANCE_UNFIT: transfer appliance 'vm-0'")
          .containsPattern("berlin:\\n  version +VMware vCenter")
          .containsPattern("  datastores +LocalDS_0 \\(")
          .containsPattern("  transfer appliance +vm-0: disk.EnableUUID not TRUE, ");
      assertThat(home.done("site", "check", "potsdam", "--vms"))
          .containsPattern("VM OF potsdam +CHANGE TRACKING +PROTECTABLE")
          .containsPattern("vm-1 +off until it is protected +yes")
          .containsPattern("potsdam +potsdam +\\w+ +1 warning")
          .contains("warning, NO_TRANSFER_APPLIANCE: ", "`--appliance potsdam=<VM>`");

      home.done("site", "add", "berlin", "--network", "lan=lan", "--recovers", "potsdam");
      assertThat(home.run("site", "check", "berlin")).as(home.out()).isEqualTo(1);
      assertThat(home.out()).contains("UNKNOWN_NETWORK: site 'berlin' has no network 'lan'");
    }
  }

  private String described(String site, Vcsim vcenter, String trust) throws IOException {
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
        .formatted(site, vcenter.address().resolve("/"), password, vcenter.login().user(), trust);
  }

  /** As openssl shows it. */
  private static String fingerprint(Vcsim vcenter) throws Exception {
    try (InputStream pem = Files.newInputStream(vcenter.certificate())) {
      byte[] der = CertificateFactory.getInstance("X.509").generateCertificate(pem).getEncoded();
      return HexFormat.ofDelimiter(":")
          .withUpperCase()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    }
  }

  private static ConfigurableApplicationContext serve(HomeCommands home, Path sites) {
    WorkerCommand command = new WorkerCommand();
    new CommandLine(command)
        .parseArgs(
            "--queues=switchback,site.berlin,site.potsdam",
            "--sites-file=" + sites,
            "--appliance=berlin=vm-0",
            "--make-current",
            "--home=" + home.home.directory());
    return WorkerProgram.run(command.settings(home.home.services().read()));
  }

  private static String fact(JsonNode login, String what) {
    return login
        .get("facts")
        .valueStream()
        .filter(fact -> fact.get("what").asString().equals(what))
        .map(fact -> fact.get("value").asString())
        .findFirst()
        .orElse("");
  }
}
