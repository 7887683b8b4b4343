package io.switchback.appliance;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.NetworkExtensionActivities.Side;

/**
 * The ends of tunnels, on their appliances. Every command looks at what is there and does what
 * lacks, one at a time per appliance: running it twice, or by two workers at once, comes to the
 * same. A command whose worker dies is either not begun or is gone on with by the next one.
 *
 * <p>Every method: SITE_UNREACHABLE (retried) when the appliance does not answer or its connection
 * breaks; HOST_KEY_REFUSED; BAD_CREDENTIALS; APPLIANCE_UNFIT when it lacks a program, a network
 * card or rights, which the sentence names; BUSY (retried) when another command has held it for 20
 * s. Seconds; no heartbeats.
 */
public final class ApplianceTunnels {
  private final ApplianceCommands commands;

  public ApplianceTunnels(Ssh ssh) {
    this.commands = new ApplianceCommands(ssh);
  }

  /**
   * Brings the end to what is asked for: interface, routes, OpenVPN, and exactly those addresses
   * open that it names. What is right already is left alone, and traffic goes on. The production
   * end tells production's hosts where the addresses are now.
   *
   * @param revision grows with every change that is asked for
   * @throws FaultException FENCED when a higher revision was here; REFUSED when the number, or the
   *     card, belongs to another tunnel
   */
  public void converge(Appliance appliance, TunnelEnd end, long revision) {
    ApplianceScript script =
        script("converge", EndReference.of(end, revision))
            .with("CONFIG", OpenVpnConfiguration.of(end))
            .with("IDENTITY", end.identity().keyAndCertificate())
            .with("AUTHORITIES", end.identity().authorities())
            .with("REVOKED", end.identity().revocationLists());
    if (end instanceof TunnelEnd.Production production) {
      script.with("NETWORK", production.network()).with("GATEWAY", production.gateway());
    }
    script.with("CLAMPS", end instanceof TunnelEnd.Production it ? SegmentClamps.of(it) : "");
    commands.run("configure tunnel '%s' on".formatted(end.tunnel().name()), appliance, script);
  }

  /** Says what there is of the end, and how the other end answers. Changes nothing. */
  public TunnelView look(Appliance appliance, EndReference end) {
    return TunnelView.parse(
        commands.run(
            "look at tunnel '%s' on".formatted(end.tunnel().name()),
            appliance,
            script("look", end)));
  }

  /**
   * Removes the end, and looks whether anything is left. If nothing was there, does nothing.
   *
   * @throws FaultException UNEXPECTED (retried) that names every process, interface, rule, route,
   *     neighbour entry, filter, setting or file that is left; FENCED when a higher revision was
   *     here
   */
  public void tearDown(Appliance appliance, EndReference end) {
    TunnelView left =
        TunnelView.parse(
            commands.run(
                "tear down tunnel '%s' on".formatted(end.tunnel().name()),
                appliance,
                script("tear-down", end)));
    if (!left.present().isEmpty()) {
      throw new FaultException(
          Fault.UNEXPECTED,
          "Could not tear down tunnel '%s' on %s: this is left there: %s. Remove it by hand if it stays, then retry."
              .formatted(
                  end.tunnel().name(), appliance.words(), String.join("; ", left.present())));
    }
  }

  private static ApplianceScript script(String verb, EndReference end) {
    int number = end.tunnel().number();
    boolean isRecovery = end.side() == Side.RECOVERY;
    return ApplianceScript.onTunnel(verb)
        .with("TUNNEL", end.tunnel().name())
        .with("NUMBER", number)
        .with("REVISION", end.revision())
        .with("SIDE", isRecovery ? "recovery" : "production")
        .with("DEVICE", end.card())
        .with("ADDRESSES", String.join(" ", end.addresses()))
        .with("OWN", "169.254.%d.%d".formatted(number, isRecovery ? 2 : 1))
        .with("PEER", "169.254.%d.%d".formatted(number, isRecovery ? 1 : 2));
  }
}
