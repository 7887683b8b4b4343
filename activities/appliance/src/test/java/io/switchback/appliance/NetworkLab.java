package io.switchback.appliance;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.appliance.Appliance.Login;
import io.switchback.appliance.Appliance.Proof;
import io.switchback.delta.Requires;
import io.switchback.model.CredentialReference;
import io.switchback.model.CredentialReference.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A network lab of this source tree. */
final class NetworkLab implements AutoCloseable {
  private static final Path SCRIPT =
      Path.of("../../docker/lab/network").toAbsolutePath().normalize();
  private static final Pattern TTL = Pattern.compile("ttl=(\\d+)");

  private final List<String> command;
  private final Map<String, String> facts;
  private @Nullable LabGateway gateway;

  private NetworkLab(List<String> command, Map<String, String> facts) {
    this.command = command;
    this.facts = facts;
  }

  /** Builds a lab that another source tree's is not in the way of. */
  static NetworkLab build() {
    List.of(
            "ip", "unshare", "nsenter", "openvpn", "sshd", "nft", "arping", "ping", "pgrep",
            "openssl", "haproxy", "ss")
        .forEach(Requires::tool);
    Requires.root();
    int tree = Math.abs(SCRIPT.hashCode() / 2);
    List<String> command =
        List.of(
            "timeout",
            "60",
            SCRIPT.toString(),
            "--prefix",
            "t" + Integer.toString(tree, Character.MAX_RADIX),
            "--management",
            "10.213." + (1 + tree % 250));
    call(command, "down");
    String facts = call(command, "up");
    return new NetworkLab(
        command,
        facts
            .lines()
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(part -> part[0], part -> part[1])));
  }

  String fact(String name) {
    return assertThat(facts).containsKey(name).actual().get(name);
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
      gateway = new LabGateway(this);
    }
    return gateway;
  }

  /** Runs one of the lab's own commands. */
  void run(String verb, String argument) {
    call(command, verb, argument);
  }

  void power(String state, String host) {
    call(command, "power", state, host);
  }

  /** Runs a command in a host and answers what it printed; it must succeed. */
  String in(String host, String shell) {
    return call(command, "exec", host, "timeout", "20", "sh", "-c", shell);
  }

  /** Pings from one host and answers the TTL of every answer that comes soon. */
  List<Integer> ping(String host, String address, int count) {
    return ping(host, address, count, 0.5);
  }

  /** The same where everything is to be answered: on a busy machine that may take longer. */
  List<Integer> pingPatiently(String host, String address, int count) {
    return ping(host, address, count, 5);
  }

  private List<Integer> ping(String host, String address, int count, double seconds) {
    String printed =
        in(host, "ping -n -c %d -i 0.01 -W %.1f %s || true".formatted(count, seconds, address));
    return TTL.matcher(printed).results().map(MatchResult::group).map(NetworkLab::ttl).toList();
  }

  private static Integer ttl(String words) {
    return Integer.valueOf(words.substring("ttl=".length()));
  }

  private static String call(List<String> command, String... more) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(more));
    try {
      Requires.Ended ended = Requires.run(all);
      assertThat(ended.exitCode()).as("%s: %s", all, ended.printed()).isZero();
      return ended.printed();
    } catch (IOException failed) {
      throw new AssertionError(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  @Override
  public void close() {
    call(command, "down");
  }
}
