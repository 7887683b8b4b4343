package io.switchback.appliance.lab;

import io.switchback.model.CredentialReference;
import io.switchback.model.CredentialReference.Source;
import io.switchback.model.NetworkExtent;
import io.switchback.model.SiteAppliance;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A network lab that is up. Every method: {@link NetworkLabException} when it cannot. */
public final class RunningLab {
  private static final Pattern TTL = Pattern.compile("ttl=(\\d+)");

  private static final String TRACES =
      """
      {
        pgrep -a -x openvpn | sed 's/^[0-9]* /process /'
        ip -o link show | awk '{ sub("[@:].*", "", $2); print "interface", $2 }'
        ip -4 -o address show | awk '{ print "address", $2, $4 }'
        ip -4 rule show | sed 's/^/rule /'
        ip -4 route show table all | grep -v 'table local' | sed 's/^/route /'
        ip -4 neigh show proxy | sed 's/^/proxy /'
        [ $card != recovery ] || ip -4 neigh show dev $card | sed 's/^/neighbour /'
        nft list tables | sed 's/^/filter /'
        for file in forwarding proxy_arp; do echo "setting $file $(cat /proc/sys/net/ipv4/conf/$card/$file)"; done
        ls -d /var/lib/switchback/tunnels/* 2>/dev/null | sed 's/^/file /'
      } | sed 's/ linkdown//; s/[[:space:]]*$//' | sort
      """;

  private final LabScript script;
  private final Map<String, String> facts;

  private RunningLab(LabScript script, String facts) {
    this.script = script;
    this.facts =
        facts
            .lines()
            .map(line -> line.split("=", 2))
            .collect(Collectors.toMap(part -> part[0], part -> part[1]));
  }

  /** Builds it, if it is not up already. */
  public static RunningLab up(LabScript script) {
    return new RunningLab(script, script.call("up"));
  }

  /** The one that somebody else has built. */
  public static RunningLab of(LabScript script) {
    return new RunningLab(script, script.call("describe"));
  }

  /** Something that {@code describe} says of it. */
  public String fact(String name) {
    return Optional.ofNullable(facts.get(name))
        .orElseThrow(() -> new IllegalArgumentException("the lab says nothing of " + name));
  }

  /** Runs one of the lab's own commands. */
  public void run(String... verb) {
    var _ = script.call(verb);
  }

  /** Runs a command in a host and answers what it printed; it must succeed. */
  public String in(String host, String shell) {
    return script.call("exec", host, "timeout", "60", "sh", "-c", shell);
  }

  /** Pings from one host and answers the TTL of every answer that comes soon. */
  public List<Integer> ping(String host, String address, int count) {
    return ping(host, address, count, 0.5);
  }

  /** The same where everything is to be answered: on a busy machine that may take longer. */
  public List<Integer> pingPatiently(String host, String address, int count) {
    return ping(host, address, count, 5);
  }

  private List<Integer> ping(String host, String address, int count, double seconds) {
    String printed =
        in(host, "ping -n -c %d -i 0.01 -W %.1f %s || true".formatted(count, seconds, address));
    return TTL.matcher(printed).results().map(MatchResult::group).map(RunningLab::ttl).toList();
  }

  private static Integer ttl(String words) {
    return Integer.valueOf(words.substring("ttl=".length()));
  }

  /**
   * Fetches the file that a VM serves, and answers its SHA-256 as it arrived, in hexadecimal.
   *
   * @param client the host that fetches
   */
  public String fetch(String client, String address) {
    return in(
            client,
            """
            bash -c 'exec 3<>/dev/tcp/%s/80
            printf "GET /file HTTP/1.0\\r\\n\\r\\n" >&3
            LC_ALL=C sed "1,/^\\r$/d" <&3 | sha256sum'
            """
                .formatted(address))
        .split(" ", 2)[0];
  }

  /**
   * Everything on an appliance that an extension may leave behind, a line each: of two lists the
   * difference is what somebody has made in between.
   *
   * @param appliance {@code tenant} or {@code provider}
   */
  public List<String> traces(String appliance) {
    return in(appliance, "card=" + fact(appliance + ".card") + "\n" + TRACES).lines().toList();
  }

  /** A folder that goes with the lab. */
  public Path folder() {
    return Path.of(fact("directory"));
  }

  /**
   * Production's network, as the description of a pair of sites has it.
   *
   * @param remote where the tenant's appliance reaches the other end, or the way to it
   */
  public NetworkExtent extent(String remote, int port, String door) {
    return new NetworkExtent(
        fact("production.network"),
        fact("production.gateway"),
        fact("tenant.card"),
        fact("provider.card"),
        remote,
        port,
        door);
  }

  /**
   * One of the appliances, {@code tenant} or {@code provider}, as the description of a site has it.
   *
   * @param certificates the folder of its side's
   */
  public SiteAppliance appliance(String name, Path certificates, String peer) {
    return new SiteAppliance(
        fact(name + ".ssh"),
        22,
        "root",
        fact(name + ".hostKey"),
        new CredentialReference(Source.FILE, fact("login.key")),
        false,
        certificates.toString(),
        peer);
  }

  /** Removes it. */
  public void down() {
    run("down");
  }
}
