package io.switchback.appliance;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The full-site mode of the provider's appliance. As with {@link ApplianceTunnels}, whose faults
 * are these, commands take turns on an appliance, look and do what lacks, and obey revisions; those
 * of the full-site mode are its own. A network is either of a tunnel or of this mode.
 */
public final class FullSiteMode {
  private final ApplianceCommands commands;

  public FullSiteMode(Ssh ssh) {
    this.commands = new ApplianceCommands(ssh);
  }

  /**
   * Brings the appliance to {@code site}: addresses, filter, forwarding and routes. What is right
   * already is left alone, and connections go on. Whoever dies in here leaves nothing open that
   * {@code site} does not open.
   *
   * @param revision grows with every change that is asked for
   * @throws FaultException FENCED when a higher revision was here; REFUSED when a card belongs to a
   *     tunnel; APPLIANCE_UNFIT when a card carries an address of its own
   */
  public void apply(Appliance appliance, FullSite site, long revision) {
    commands.run(
        "set up the full-site mode on",
        appliance,
        script("full-site-apply", revision)
            .with("UPLINK", site.uplink())
            .with("UPLINK_GATEWAY", site.uplinkGateway())
            .with(
                "NETWORKS",
                site.networks().stream()
                    .map(FullSite.Network::cardAddress)
                    .collect(Collectors.joining("\n")))
            .with("PUBLIC", String.join(" ", site.publicAddresses()))
            .with("RULES", FullSiteRules.of(site)));
  }

  /** Says what there is of the mode, a line each with its kind first. Changes nothing. */
  public List<String> look(Appliance appliance) {
    return TunnelView.parse(
            commands.run("look at the full-site mode of", appliance, script("full-site-look", 1)))
        .present();
  }

  /**
   * Removes the mode, and looks whether anything is left. If nothing was there, does nothing.
   *
   * @throws FaultException UNEXPECTED (retried) that names what is left; FENCED when a higher
   *     revision was here
   */
  public void tearDown(Appliance appliance, long revision) {
    List<String> left =
        TunnelView.parse(
                commands.run(
                    "remove the full-site mode of",
                    appliance,
                    script("full-site-tear-down", revision)))
            .present();
    if (!left.isEmpty()) {
      throw new FaultException(
          Fault.UNEXPECTED,
          "Could not remove the full-site mode of %s: this is left there: %s. Remove it by hand if it stays, then retry."
              .formatted(appliance.words(), String.join("; ", left)));
    }
  }

  private static ApplianceScript script(String verb, long revision) {
    if (revision < 1) {
      throw new IllegalArgumentException("the revision must be at least 1");
    }
    return ApplianceScript.onFullSite(verb)
        .with("REVISION", revision)
        .with("NETWORKS", "")
        .with("UPLINK", "")
        .with("PUBLIC", "");
  }
}
