package io.switchback.worker.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.Requires;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway as people set it up; HAProxy only reads its configuration here. */
@Tag("process")
class GatewayCommandsIT {
  @TempDir Path directory;

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @Test
  void writesAGatewayThatHaproxyWouldStartWith() throws IOException {
    Requires.tool("haproxy");
    run("ca", "init");
    run("ca", "gateway", "potsdam", "--out", directory.resolve("certificates").toString());
    Path file =
        Files.writeString(
            directory.resolve("gateway.yaml"),
            """
            listen: 127.0.0.1:7443
            certificates: certificates
            tenants: {acme: "10.9.0.5:1194"}
            """);

    assertThat(run("gateway", "apply", file.toString())).isZero();

    Path folder = directory.resolve("home/gateway");
    assertThat(out.toString())
        .contains("The gateway does not run. Its files are ready for 1 tenants")
        .contains("sh " + folder.resolve("start"));
    assertThat(folder.resolve("haproxy.cfg"))
        .content()
        .contains("server acme 10.9.0.5:1194 weight 0");
    assertThat(run("gateway", "apply", file.toString())).as("again").isZero();

    Files.writeString(directory.resolve("certificates/crl.pem"), "");
    String before = Files.readString(folder.resolve("crl.pem"));
    assertThat(run("gateway", "apply", file.toString())).isEqualTo(2);
    assertThat(err.toString()).startsWith("Nothing was changed, because HAProxy would not start");
    assertThat(folder.resolve("crl.pem")).content().isEqualTo(before);
  }

  @Test
  void printsWhatATenantsApplianceRuns() throws Exception {
    String haproxy = Requires.tool("haproxy").toString();
    run("ca", "init");
    run("ca", "tenant", "acme", "--out", directory.toString());
    Path production = directory.resolve("production");

    assertThat(
            run(
                "gateway",
                "client",
                "--gateway",
                "potsdam",
                "--at",
                "127.0.0.1:443",
                "--certificates",
                production.toString()))
        .isZero();

    Path configuration = Files.writeString(directory.resolve("client.cfg"), out.toString());
    Requires.Ended checked = Requires.run(List.of(haproxy, "-c", "-f", configuration.toString()));
    assertThat(checked.exitCode()).as(checked.printed()).isZero();
    assertThat(
            run(
                "gateway",
                "client",
                "--gateway",
                "potsdam",
                "--at",
                "127.0.0.1:443",
                "--certificates",
                production.toString(),
                "--listen",
                "0.0.0.0:1194"))
        .isEqualTo(2);
    assertThat(err.toString()).contains("is no loopback address");
  }

  private int run(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("client")) {
      all.addAll(List.of("--home", directory.resolve("home").toString()));
    }
    return Switchback.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(all.toArray(String[]::new));
  }
}
