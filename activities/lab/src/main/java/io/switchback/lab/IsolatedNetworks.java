package io.switchback.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The site's networks that were made for drills, in a file of their own. Safe for use by several
 * threads.
 */
final class IsolatedNetworks {
  static final String FILE = "isolated-networks.json";

  /**
   * What is stored.
   *
   * @param lastEffect the journal line of the newest change, so that a kill between the two loses
   *     no line
   */
  private record State(List<IsolatedNetwork> networks, @Nullable Effect lastEffect) {
    private State {
      networks = List.copyOf(networks);
    }
  }

  private final Path file;
  // How many copies are being made with a card in it, by name.
  private final Map<String, Integer> claims = new HashMap<>();
  // Read without a lock, so that whoever looks holds nobody up.
  private volatile State state;

  private IsolatedNetworks(Path file, State state) {
    this.file = file;
    this.state = state;
  }

  static IsolatedNetworks open(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    return new IsolatedNetworks(
        file,
        Files.exists(file)
            ? Json.read(Files.readAllBytes(file), State.class)
            : new State(List.of(), null));
  }

  Optional<Effect> lastEffect() {
    return Optional.ofNullable(state.lastEffect());
  }

  List<IsolatedNetwork> list() {
    return state.networks();
  }

  Optional<IsolatedNetwork> find(String name) {
    return state.networks().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /**
   * Makes a network for each of {@code wanted} that the drill has none for at the host.
   *
   * @return the drill's networks there, and whether any was made
   * @throws LabException NOT_ISOLATED, and none is made, when one reaches something by now
   */
  synchronized Requests.MadeNetworks make(
      LabSite site, String drill, String host, List<String> wanted, @Nullable Stamp stamp)
      throws IOException {
    admit(site, drill, stamp);
    List<IsolatedNetwork> all = new ArrayList<>(state.networks());
    List<IsolatedNetwork> answered = new ArrayList<>();
    List<String> made = new ArrayList<>();
    for (String network : wanted.stream().distinct().toList()) {
      IsolatedNetwork asked = IsolatedNetwork.of(drill, host, network);
      Optional<IsolatedNetwork> known = find(asked.name());
      known.ifPresent(IsolatedNetworks::requireIsolated);
      if (known.isEmpty()) {
        all.add(asked);
        made.add(asked.name());
      }
      answered.add(known.orElse(asked));
    }
    if (!made.isEmpty()) {
      Map<String, Object> details = Map.of("drill", drill, "networks", made);
      commit(site.journal(), "makeDrillNetworks", stamp, details, all);
    }
    return new Requests.MadeNetworks(answered, !made.isEmpty());
  }

  private static void requireIsolated(IsolatedNetwork network) {
    if (!network.reaches().isEmpty()) {
      throw new LabException(
          LabFault.NOT_ISOLATED,
          "Network '%s' of drill '%s' reaches %s by now. Disconnect it, or remove it."
              .formatted(network.name(), network.drill(), network.reaches()));
    }
  }

  /**
   * Removes the drill's networks at the host.
   *
   * @return whether there was one
   * @throws LabException NETWORK_IN_USE, and none is removed, while a VM is plugged into one
   */
  synchronized boolean remove(LabSite site, String drill, String host, @Nullable Stamp stamp)
      throws IOException {
    admit(site, drill, stamp);
    List<String> gone =
        state.networks().stream()
            .filter(one -> one.isOf(drill, host))
            .map(IsolatedNetwork::name)
            .toList();
    if (gone.isEmpty()) {
      return false;
    }
    // The claims first: a copy that gives its claim back is among the VMs by then.
    gone.forEach(this::requireUnclaimed);
    site.list().forEach(vm -> requireUnplugged(vm.store().definition(), gone));
    List<IsolatedNetwork> left =
        state.networks().stream().filter(one -> !gone.contains(one.name())).toList();
    Map<String, Object> details = Map.of("drill", drill, "networks", gone);
    commit(site.journal(), "removeDrillNetworks", stamp, details, left);
    return true;
  }

  /** Under the lock, so that whoever was admitted has acted before a higher fence is raised. */
  private static void admit(LabSite site, String drill, @Nullable Stamp stamp) throws IOException {
    if (stamp != null) {
      String target = "drill/" + drill;
      site.fences().admit(stamp.fence(), target, List.of(target));
    }
  }

  private void requireUnclaimed(String network) {
    if (claims.containsKey(network)) {
      throw new LabException(
          LabFault.NETWORK_IN_USE,
          "A copy is being made in network '%s'. Remove the copy first.".formatted(network));
    }
  }

  private static void requireUnplugged(VmDefinition vm, List<String> networks) {
    vm.networks().stream()
        .filter(card -> networks.contains(card.network()))
        .findFirst()
        .ifPresent(
            card -> {
              throw new LabException(
                  LabFault.NETWORK_IN_USE,
                  "VM '%s' is plugged into network '%s'. Unplug or remove it first."
                      .formatted(vm.name(), card.network()));
            });
  }

  /** Connects a network with something outside, as the owner of the site can. */
  synchronized void connect(EffectJournal journal, String name, String reaches) throws IOException {
    if (find(name).isEmpty()) {
      throw new LabException(
          LabFault.BAD_REQUEST, "There is no drill's network '%s' here.".formatted(name));
    }
    List<IsolatedNetwork> changed =
        state.networks().stream()
            .map(one -> one.name().equals(name) ? one.connected(reaches) : one)
            .toList();
    commit(journal, "connectNetwork", null, Map.of("network", name, "reaches", reaches), changed);
  }

  /**
   * Keeps the networks of the cards from being removed until the claim is closed.
   *
   * @param host where the VM is to stand
   * @throws LabException NOT_ISOLATED when a card is in a network that is not a drill's at that
   *     host, or that reaches something
   */
  synchronized Claim claim(List<NetworkCard> cards, String host) {
    List<String> names = cards.stream().map(NetworkCard::network).distinct().toList();
    for (String name : names) {
      IsolatedNetwork network =
          find(name)
              .filter(one -> one.host().equals(host))
              .orElseThrow(
                  () ->
                      new LabException(
                          LabFault.NOT_ISOLATED,
                          "Network '%s' is not a drill's at host '%s'. Have one made there."
                              .formatted(name, host)));
      requireIsolated(network);
    }
    names.forEach(name -> claims.merge(name, 1, Integer::sum));
    return () -> giveBack(names);
  }

  private synchronized void giveBack(List<String> names) {
    names.forEach(name -> claims.computeIfPresent(name, (key, n) -> n == 1 ? null : n - 1));
  }

  /** Networks that somebody is about to plug a card into. */
  interface Claim extends AutoCloseable {
    @Override
    void close();
  }

  private void commit(
      EffectJournal journal,
      String kind,
      @Nullable Stamp stamp,
      Map<String, Object> details,
      List<IsolatedNetwork> next)
      throws IOException {
    journal.commit(
        Effect.ofSite(kind, details, stamp),
        effect -> {
          State changed = new State(next, effect);
          Path fresh = file.resolveSibling(FILE + ".new");
          Files.write(fresh, Json.write(changed));
          Files.move(
              fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          state = changed;
        });
  }
}
