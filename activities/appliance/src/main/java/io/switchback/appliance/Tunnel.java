package io.switchback.appliance;

import io.switchback.model.Mistakes;

/**
 * A tunnel between two appliances, for one pair of networks.
 *
 * @param name unique among the tunnels of either appliance; of small letters, digits and '-'
 * @param number unique among the tunnels of either appliance, 1 to 254; the addresses within the
 *     tunnel, its interface and its routing table follow from it
 */
public record Tunnel(String name, int number) {
  public Tunnel {
    new Mistakes()
        .unless(
            name.matches("[a-z0-9][a-z0-9-]{0,39}"),
            "the name must be of small letters, digits and '-', at most 40 of them")
        .unless(number >= 1 && number <= 254, "the number must be 1 to 254")
        .refuse("tunnel");
  }
}
