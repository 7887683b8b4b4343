package io.switchback.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Takes a VM off its networks, and puts it back. Which cards were unplugged is kept with the VM, as
 * a tag, in the same change that unplugs them.
 */
final class Isolation {
  private static final String TAG = "switchback-unplugged-card-";

  private Isolation() {}

  /** Whether the VM is unplugged, and that by us. */
  static boolean holds(VmView vm) {
    return vm.tags().stream().anyMatch(tag -> tag.startsWith(TAG))
        && vm.networks().stream().noneMatch(NetworkCard::connected);
  }

  /** The change that unplugs every card; empty when none is plugged in. */
  static Optional<VmChange> of(VmView vm) {
    List<NetworkCard> cards = new ArrayList<>();
    TreeSet<String> tags = new TreeSet<>(vm.tags());
    boolean changes = false;
    for (NetworkCard card : vm.networks()) {
      if (card.connected()) {
        tags.add(TAG + cards.size());
        changes = true;
      }
      cards.add(new NetworkCard(card.network(), false, card.address()));
    }
    return changes
        ? Optional.of(VmChange.none().networks(cards).tags(List.copyOf(tags)))
        : Optional.empty();
  }

  /** The change that plugs in what was unplugged; empty when nothing was. */
  static Optional<VmChange> undone(VmView vm) {
    List<NetworkCard> cards = new ArrayList<>();
    for (NetworkCard card : vm.networks()) {
      boolean plugged = card.connected() || vm.tags().contains(TAG + cards.size());
      cards.add(new NetworkCard(card.network(), plugged, card.address()));
    }
    List<String> tags = vm.tags().stream().filter(tag -> !tag.startsWith(TAG)).toList();
    return cards.equals(vm.networks())
        ? Optional.empty()
        : Optional.of(VmChange.none().networks(cards).tags(tags));
  }
}
