package io.switchback.appliance;

import io.switchback.appliance.PathMeasured.Reached;
import io.switchback.appliance.gateway.Endpoint;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Looks, before a tunnel is needed, whether it could stand: the way from production's appliance,
 * the tunnel's port, the appliances' clocks. Changes nothing. What it finds are sentences for
 * people, not faults: a tunnel may come up all the same.
 *
 * <p>Every method: SITE_UNREACHABLE (retried), HOST_KEY_REFUSED, BAD_CREDENTIALS, APPLIANCE_UNFIT
 * as {@link ApplianceTunnels}.
 */
public final class TunnelPreflight {
  /** What clocks may differ by: OpenVPN and TLS judge certificates by them. */
  static final Duration LARGEST_SKEW = Duration.ofSeconds(60);

  private static final int USUAL_MTU = 1500;

  private final ApplianceCommands commands;
  private final InstantSource clock;

  /**
   * @param clock the worker's, which appliances' clocks are held against
   */
  public TunnelPreflight(Ssh ssh, InstantSource clock) {
    this.commands = new ApplianceCommands(ssh);
    this.clock = clock;
  }

  /**
   * Measures the largest packet on the way from the appliance to {@code door}, and begins a
   * handshake with OpenVPN at {@code end}'s remote port, which it does not finish. Up to 20 s where
   * nobody answers, otherwise a second; no heartbeats.
   *
   * @param known whom the appliance connects to over the network: the cloud gateway, or the other
   *     appliance where there is none; empty where nobody has said it, and nothing is measured
   */
  public PathMeasured measure(
      Appliance appliance, TunnelEnd.Production end, Optional<Endpoint> known) {
    String door = known.map(Endpoint::toString).orElse("the gateway");
    String couldNot = "measure the way to %s from".formatted(door);
    String output =
        commands.run(
            couldNot,
            appliance,
            ApplianceScript.onAppliance("measure")
                .with("DOOR", known.map(at -> at.address().getHostAddress()).orElse(""))
                .with("SMALLEST", TunnelPath.SMALLEST_MTU)
                .with(
                    "HEADER",
                    known.filter(at -> new TunnelPath(at, USUAL_MTU).isIpv6()).isPresent()
                        ? 48
                        : 28)
                .with("REMOTE", end.remoteHost())
                .with("PORT", end.remotePort()));
    String mtu = word("mtu", output, couldNot, appliance);
    String port = word("port", output, couldNot, appliance);
    List<String> findings = new ArrayList<>();
    if (known.isEmpty()) {
      findings.add(
          "The largest packet on the way from %s is not known, and segments are not clamped: say where the gateway is, by 'door' of the network."
              .formatted(appliance.words()));
    } else if (mtu.equals("unknown")) {
      findings.add(
          "The largest packet to %s cannot be measured from %s: pings are not answered. Let ICMP through, or give the path's MTU."
              .formatted(door, appliance.words()));
    } else if (Integer.parseInt(mtu) < USUAL_MTU) {
      findings.add(
          "Packets to %s from %s may have %s bytes only; segments are clamped to fit."
              .formatted(door, appliance.words(), mtu));
    }
    Reached reached =
        switch (port) {
          case "open" -> Reached.OTHER_END;
          case "shut", "silent", "strange" -> Reached.DOOR;
          default -> Reached.NOBODY;
        };
    if (reached != Reached.OTHER_END) {
      findings.add(unreached(appliance, end, door, port));
    }
    return new PathMeasured(
        mtu.equals("unknown") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(mtu)),
        reached,
        findings);
  }

  private static String unreached(
      Appliance appliance, TunnelEnd.Production end, String door, String port) {
    String at = "%s:%d".formatted(end.remoteHost(), end.remotePort());
    return switch (port) {
      case "shut" ->
          "From %s the tunnel's port %s is reached, but it closes the connection: %s does not let the tenant in, or nobody listens behind it. Look at the gateway's log, and whether OpenVPN runs on the provider's appliance."
              .formatted(appliance.words(), at, door);
      case "silent" ->
          "From %s the tunnel's port %s is reached, but nobody says anything there. Look at the way from %s to the provider's appliance."
              .formatted(appliance.words(), at, door);
      case "strange" ->
          "From %s the tunnel's port %s is reached, but no OpenVPN server answers there. Look what listens at that address."
              .formatted(appliance.words(), at);
      default ->
          "From %s nobody answers at the tunnel's port %s. Look whether the way to %s is open in firewalls, and whether something listens there."
              .formatted(appliance.words(), at, door);
    };
  }

  /**
   * Reads the appliance's clock, and looks whether the certificates that it shows and believes are
   * valid at the time that it has. A second; no heartbeats.
   */
  public ClockReading readClock(Appliance appliance, TunnelIdentity identity) {
    String couldNot = "read the clock of";
    Instant before = clock.instant();
    String output = commands.run(couldNot, appliance, ApplianceScript.onAppliance("clock"));
    Instant after = clock.instant();
    Instant there = instant(word("clock", output, couldNot, appliance));
    Duration ahead =
        there.isAfter(after)
            ? Duration.between(after, there)
            : there.isBefore(before) ? Duration.between(before, there) : Duration.ZERO;
    List<String> findings = new ArrayList<>();
    if (ahead.abs().compareTo(LARGEST_SKEW) > 0) {
      findings.add(
          "The clock of %s is %d s %s the worker's. Set it, and have it kept by NTP (timedatectl set-ntp true): certificates are judged by it."
              .formatted(
                  appliance.words(),
                  ahead.abs().toSeconds(),
                  ahead.isNegative() ? "behind" : "ahead of"));
    }
    findings.addAll(IdentityValidity.findings(appliance, identity, there));
    return new ClockReading(ahead, findings);
  }

  private static Instant instant(String words) {
    BigInteger nanos = new BigDecimal(words).movePointRight(9).toBigInteger();
    BigInteger[] parts = nanos.divideAndRemainder(BigInteger.valueOf(1_000_000_000));
    return Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
  }

  private static String word(String head, String output, String couldNot, Appliance appliance) {
    return output
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith(head + " "))
        .map(line -> line.substring(head.length() + 1))
        .reduce((_, last) -> last)
        .orElseThrow(
            () ->
                new FaultException(
                    Fault.UNEXPECTED,
                    "Could not %s %s: it did not say its %s."
                        .formatted(couldNot, appliance.words(), head)));
  }
}
