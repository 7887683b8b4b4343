package io.switchback.appliance;

import io.switchback.appliance.Appliance.Login;
import io.switchback.appliance.Appliance.Proof;
import io.switchback.appliance.lab.LabGateway;
import io.switchback.appliance.lab.LabScript;
import io.switchback.appliance.lab.RunningLab;
import io.switchback.delta.Requires;
import io.switchback.model.CredentialReference;
import io.switchback.model.CredentialReference.Source;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A network lab of this source tree, whose appliances tests reach by themselves. */
final class NetworkLab implements AutoCloseable {
  private static final Path SCRIPT =
      Path.of("../../docker/lab/network").toAbsolutePath().normalize();

  private final RunningLab lab;
  private @Nullable LabGateway gateway;

  private NetworkLab(RunningLab lab) {
    this.lab = lab;
  }

  /** Builds a lab that another source tree's is not in the way of. */
  static NetworkLab build() {
    int tree = Math.abs(SCRIPT.hashCode() / 2);
    LabScript script =
        new LabScript(
            SCRIPT,
            "t" + Integer.toString(tree, Character.MAX_RADIX),
            "10.213." + (1 + tree % 250));
    script.lacks().ifPresent(Requires::missing);
    script.call("down");
    return new NetworkLab(RunningLab.up(script));
  }

  RunningLab running() {
    return lab;
  }

  String fact(String name) {
    return lab.fact(name);
  }

  Appliance appliance(String name) {
    return appliance(name, new HostKey(fact(name + ".hostKey")), Proof.KEY, fact("login.key"));
  }

  Appliance appliance(String name, HostKey hostKey, Proof proof, String secret) {
    return new Appliance(
        name,
        fact(name + ".ssh"),
        22,
        "root",
        hostKey,
        new Login(proof, new CredentialReference(Source.FILE, secret)));
  }

  /** The cloud gateway, which runs from the first time on that somebody asks for it. */
  LabGateway gateway() {
    if (gateway == null) {
      gateway = new LabGateway(lab);
    }
    return gateway;
  }

  void power(String state, String host) {
    lab.run("power", state, host);
  }

  /** The provider's appliance takes the next revision of its full-site mode for the first one. */
  void forgetFullSite() {
    in("provider", "rm -f /var/lib/switchback/revisions/.full-site");
  }

  /** Runs a command in a host and answers what it printed; it must succeed. */
  String in(String host, String shell) {
    return lab.in(host, shell);
  }

  /** Pings from one host and answers the TTL of every answer. */
  List<Integer> ping(String host, String address, int count) {
    return lab.ping(host, address, count);
  }

  /** The same where everything is to be answered. */
  List<Integer> pingPatiently(String host, String address, int count) {
    return lab.pingPatiently(host, address, count);
  }

  @Override
  public void close() {
    lab.down();
  }
}
