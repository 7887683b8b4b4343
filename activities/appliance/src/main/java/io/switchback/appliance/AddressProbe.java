package io.switchback.appliance;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.NetworkExtensionActivities.AddressOwner;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ARP probe of the duplicate address guard: asks the network that an appliance stands on who
 * has an address, before a tunnel passes traffic for it.
 */
public final class AddressProbe {
  private static final String OWNER = "owner ";
  private static final String ASKED = "asked ";
  private static final String UNASKED = "unasked ";

  private final ApplianceCommands commands;

  public AddressProbe(Ssh ssh) {
    this.commands = new ApplianceCommands(ssh);
  }

  /**
   * Asks for each address three times, and answers who replied, several for one address included.
   * Changes nothing, in no ARP table either. Who answers for others by proxy ARP, such as a tunnel
   * that has the address open, is not found by it: neither this appliance's nor another one's; nor
   * is a card of the appliance itself.
   *
   * <p>A second, however many addresses there are; no heartbeats.
   *
   * @param card the appliance's, on the network that is asked; it needs no address of its own
   * @throws FaultException APPLIANCE_UNFIT when the card or {@code arping} is not there, or the
   *     card has no link; SITE_UNREACHABLE, HOST_KEY_REFUSED, BAD_CREDENTIALS as {@link
   *     ApplianceTunnels}
   * @see <a href="https://www.rfc-editor.org/rfc/rfc5227">RFC 5227</a>
   */
  public List<AddressOwner> ask(Appliance appliance, String card, List<String> addresses) {
    EndMistakes.common(card, addresses).refuse("ARP probe");
    String couldNot = "ask the network at card '%s' for addresses on".formatted(card);
    List<String> lines =
        commands
            .run(
                couldNot,
                appliance,
                ApplianceScript.onAppliance("probe")
                    .with("DEVICE", card)
                    .with("ADDRESSES", String.join(" ", addresses)))
            .lines()
            .map(String::strip)
            .toList();
    Set<String> unasked = new HashSet<>(addresses);
    unasked.removeAll(after(ASKED, lines));
    if (!unasked.isEmpty()) {
      // Silence is an answer only to a question that was put.
      throw new FaultException(
          Fault.APPLIANCE_UNFIT,
          "Could not %s %s: %s. Look whether 'arping' runs there, then retry."
              .formatted(
                  couldNot,
                  appliance.words(),
                  after(UNASKED, lines).stream().findFirst().orElse("it did not ask")));
    }
    return after(OWNER, lines).stream().map(AddressProbe::owner).toList();
  }

  private static AddressOwner owner(String words) {
    int space = words.indexOf(' ');
    return new AddressOwner(words.substring(0, space), words.substring(space + 1));
  }

  private static List<String> after(String head, List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(head))
        .map(line -> line.substring(head.length()))
        .toList();
  }
}
