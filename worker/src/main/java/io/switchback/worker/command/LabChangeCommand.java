package io.switchback.worker.command;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmChange;
import io.switchback.lab.VmView;
import io.switchback.model.Firmware;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.Words;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab change}: what a lab VM is made of. */
@Command(
    name = "change",
    mixinStandardHelpOptions = true,
    description = {
      "Change what a lab VM is made of, by hand, as somebody with the hypervisor's own client does. What is"
          + " protected is carried over to its replica by the next cycle.",
      "",
      "CPUs, memory and firmware change only while the VM is off; everything else also while it runs. Disks change"
          + " also while there are snapshots: a snapshot keeps the disks and capacities of its moment."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab change web-01 --name www-01 --folder erp/web --tag gold",
      "  switchback lab change web-01 --add-disk 128MiB --grow-disk web-01-disk-0=96MiB",
      "  switchback lab change web-01 --unplug lan          isolate it; --plug lan joins it again",
      "  switchback lab change web-01 --cpus 4 --memory 8GiB"
    })
public final class LabChangeCommand implements Runnable {
  private static final int GRAIN = 64 * 1024;

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();
  @Mixin final LabVmOption vmOption = new LabVmOption();

  @Parameters(paramLabel = "<vm>", description = "Name or id of the VM.")
  String vm = "";

  @Option(names = "--name", paramLabel = "<name>", description = "Rename it.")
  @Nullable String name;

  @Option(names = "--folder", paramLabel = "<path>", description = "Move it to this folder.")
  @Nullable String folder;

  @Option(names = "--tag", paramLabel = "<tag>", description = "Tag it; may be repeated.")
  List<String> tags = List.of();

  @Option(names = "--untag", paramLabel = "<tag>", description = "Take a tag off; may be repeated.")
  List<String> untagged = List.of();

  @Option(names = "--cpus", paramLabel = "<n>", description = "CPUs, while it is off.")
  @Nullable Integer cpus;

  @Option(
      names = "--memory",
      paramLabel = "<size>",
      converter = SizeConverter.class,
      description = "Memory, while it is off.")
  @Nullable Long memory;

  @Option(
      names = "--firmware",
      paramLabel = "<firmware>",
      description = "${COMPLETION-CANDIDATES}, while it is off.")
  @Nullable Firmware firmware;

  @Option(
      names = "--host",
      paramLabel = "<host>",
      description = "The only host it may run on, from its next start; '' = any.")
  @Nullable String host;

  @Option(
      names = "--autostart",
      negatable = true,
      description = "Whether it starts by itself when its site comes back from a crash.")
  @Nullable Boolean autostart;

  @Option(
      names = "--plug",
      paramLabel = "<network>",
      description = "Join this network: a card that is unplugged is plugged in, else one is added.")
  List<String> plugged = List.of();

  @Option(
      names = "--unplug",
      paramLabel = "<network>",
      description = "Leave this network; the card stays.")
  List<String> unplugged = List.of();

  @Option(
      names = "--remove-card",
      paramLabel = "<network>",
      description = "Take the card on this network out.")
  List<String> removedCards = List.of();

  @Option(
      names = "--add-disk",
      paramLabel = "<size>",
      converter = SizeConverter.class,
      description = "Add an empty disk; may be repeated. The guest's records stay on the others.")
  List<Long> addedDisks = List.of();

  @Option(
      names = "--add-data",
      paramLabel = "<size>",
      defaultValue = "0",
      converter = SizeConverter.class,
      description = "Fill so much of each added disk with bytes.")
  long addedBytes;

  @Option(
      names = "--grow-disk",
      paramLabel = "<disk>=<size>",
      converter = {LabResourceOptions.AsIs.class, SizeConverter.class},
      description = "Make a disk larger; its change tracking starts anew.")
  Map<String, Long> grownDisks = Map.of();

  @Option(
      names = "--remove-disk",
      paramLabel = "<disk>",
      description = "Take a disk away with its bytes; snapshots keep what they hold of it.")
  List<String> removedDisks = List.of();

  @Override
  public void run() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    vmOption.at(homeOption.home(), vm, this::change).forEach(out::println);
  }

  private List<String> change(LabClient client, String where) {
    VmView before = client.look(vm);
    VmChange change = change(before);
    List<String> lines = new ArrayList<>();
    if (!change.equals(VmChange.none())) {
      VmView now = client.reconfigureVm(before.id(), change, null);
      lines.add("%s at %s is changed.".formatted(now.name(), where));
    }
    int number = 0;
    for (long size : addedDisks) {
      String id = freeDiskId(client.look(before.id()), number++);
      var _ = client.addDisk(before.id(), new DiskDefinition(id, grains(size), addedBytes), null);
      lines.add("Disk %s of %s added.".formatted(id, Words.ofBytes(size)));
    }
    grownDisks.forEach(
        (disk, size) -> {
          var _ = client.growDisk(before.id(), disk, grains(size), null);
          lines.add("Disk %s has %s now.".formatted(disk, Words.ofBytes(size)));
        });
    for (String disk : removedDisks) {
      var _ = client.removeDisk(before.id(), disk, null);
      lines.add("Disk %s removed.".formatted(disk));
    }
    if (lines.isEmpty()) {
      throw Refusal.usage("Say what changes; `switchback lab change --help` shows what can.");
    }
    return lines;
  }

  private static long grains(long size) {
    if (size % GRAIN != 0) {
      throw Refusal.usage("A disk has a multiple of 64 KiB, got %d bytes.".formatted(size));
    }
    return size;
  }

  private static String freeDiskId(VmView now, int attempt) {
    Set<String> taken = new TreeSet<>();
    now.disks().forEach(disk -> taken.add(disk.id()));
    now.snapshots().forEach(snapshot -> taken.addAll(snapshot.changeIds().keySet()));
    int number = now.disks().size() + attempt;
    while (taken.contains(now.id() + "-disk-" + number)) {
      number++;
    }
    return now.id() + "-disk-" + number;
  }

  private VmChange change(VmView before) {
    return new VmChange(
        name,
        folder,
        tags.isEmpty() && untagged.isEmpty() ? null : tags(before),
        cpus,
        memory,
        firmware,
        plugged.isEmpty() && unplugged.isEmpty() && removedCards.isEmpty() ? null : cards(before),
        host,
        autostart,
        null);
  }

  private List<String> tags(VmView before) {
    List<String> all = new ArrayList<>(before.tags());
    all.addAll(tags);
    all.removeAll(untagged);
    return all;
  }

  private List<NetworkCard> cards(VmView before) {
    List<NetworkCard> all = new ArrayList<>(before.networks());
    for (String network : plugged) {
      if (!replace(all, network, true)) {
        all.add(new NetworkCard(network, true, null));
      }
    }
    for (String network : unplugged) {
      if (!replace(all, network, false)) {
        throw noCard(before, network);
      }
    }
    for (String network : removedCards) {
      if (!all.removeIf(card -> card.network().equals(network))) {
        throw noCard(before, network);
      }
    }
    return all;
  }

  private static boolean replace(List<NetworkCard> cards, String network, boolean connected) {
    boolean isThere = cards.stream().anyMatch(card -> card.network().equals(network));
    cards.replaceAll(
        card ->
            card.network().equals(network)
                ? new NetworkCard(network, connected, card.address())
                : card);
    return isThere;
  }

  private static Refusal noCard(VmView vm, String network) {
    return Refusal.usage(
        "%s has no card on network '%s', only on %s."
            .formatted(
                vm.name(), network, vm.networks().stream().map(NetworkCard::network).toList()));
  }
}
