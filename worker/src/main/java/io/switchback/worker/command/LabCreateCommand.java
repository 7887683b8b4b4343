package io.switchback.worker.command;

import io.switchback.lab.DiskDefinition;
import io.switchback.lab.GuestDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.NetworkCard;
import io.switchback.lab.VmDefinition;
import io.switchback.lab.VmView;
import io.switchback.model.Firmware;
import io.switchback.worker.local.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab create}: new VMs at a lab site. */
@Command(
    name = "create",
    mixinStandardHelpOptions = true,
    description = "Create VMs at a lab site and power them on. Those that are there already stay.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab create web-01 db-01 --site berlin",
      "  switchback lab create big-01 --site berlin --disk 1024 --image 900 --writes 200",
      "  switchback lab create app-01 --site berlin --follows db-01 --folder erp --tag gold --cpus 4 --memory 8GiB",
      "  switchback lab create gw-01 --site berlin --network lan --network backup"
    })
public final class LabCreateCommand implements Runnable {
  private static final long MIB = 1 << 20;

  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();

  @Parameters(arity = "1..*", paramLabel = "<vm>", description = "Names of the VMs.")
  List<String> vms = List.of();

  @Option(names = "--site", required = true, paramLabel = "<site>", description = "Where.")
  String site = "";

  @Option(
      names = "--disk",
      paramLabel = "<MiB>",
      description = "Capacity of a disk; may be repeated. Default: one of 64 MiB.")
  List<Integer> disks = List.of(64);

  @Option(
      names = "--image",
      paramLabel = "<MiB>",
      defaultValue = "16",
      description =
          "Bytes on the first disk from the beginning, as an installed system: ${DEFAULT-VALUE}.")
  int image;

  @Option(
      names = "--writes",
      paramLabel = "<n>",
      defaultValue = "20",
      description = "Records that its guest writes each second: ${DEFAULT-VALUE}.")
  double writes;

  @Option(
      names = "--follows",
      paramLabel = "<vm>",
      description =
          "Its guest writes record k only once the guest of this VM has flushed its own record k, as an"
              + " application does with its database.")
  @Nullable String follows;

  @Option(
      names = "--network",
      paramLabel = "<name>",
      description = "A network it is on; may be repeated. Default: lan.")
  List<String> networks = List.of("lan");

  @Option(
      names = "--cpus",
      paramLabel = "<n>",
      defaultValue = "1",
      description = "CPUs: ${DEFAULT-VALUE}.")
  int cpus;

  @Option(
      names = "--memory",
      paramLabel = "<size>",
      defaultValue = "1GiB",
      converter = SizeConverter.class,
      description = "Memory: ${DEFAULT-VALUE}.")
  long memory;

  @Option(
      names = "--firmware",
      paramLabel = "<firmware>",
      defaultValue = "BIOS",
      description = "${COMPLETION-CANDIDATES}: ${DEFAULT-VALUE}.")
  Firmware firmware = Firmware.BIOS;

  @Option(
      names = "--folder",
      paramLabel = "<path>",
      description = "Where it is in the site's inventory, such as erp/db.")
  String folder = "";

  @Option(names = "--tag", paramLabel = "<tag>", description = "A tag; may be repeated.")
  List<String> tags = List.of();

  @Option(
      names = "--host",
      paramLabel = "<host>",
      description = "The only host it may run on; else any.")
  String host = "";

  @Option(
      names = "--datastore",
      paramLabel = "<datastore>",
      description = "Where its disks are; else where most room is.")
  String datastore = "";

  @Option(names = "--off", description = "Leave them powered off.")
  boolean off;

  @Override
  public void run() {
    try (Connections connections =
            new Connections(homeOption.home().services().read(), null, null, null);
        LabClient client = connections.site(site)) {
      List<VmView> before = client.site().vms();
      Set<String> there = before.stream().map(VmView::name).collect(Collectors.toSet());
      int number = 10 + before.size();
      for (String vm : vms) {
        if (there.contains(vm)) {
          tell("%s is there already.".formatted(vm));
          continue;
        }
        var _ = client.createVm(definition(vm, ++number), null);
        if (!off) {
          var _ = client.powerOn(vm, null);
        }
        tell("%s created%s.".formatted(vm, off ? "" : " and powered on"));
      }
    }
  }

  private VmDefinition definition(String vm, int number) {
    GuestDefinition guest = new GuestDefinition(writes, null, null, null, null);
    return new VmDefinition(
        vm,
        vm,
        cards(number),
        disks(vm),
        follows == null ? guest : guest.following(follows),
        true,
        folder,
        tags,
        cpus,
        memory,
        firmware,
        host,
        datastore,
        null);
  }

  private List<NetworkCard> cards(int number) {
    List<NetworkCard> cards = new ArrayList<>();
    for (String network : networks) {
      cards.add(new NetworkCard(network, true, "10.0.%d.%d".formatted(cards.size(), number)));
    }
    return cards;
  }

  private List<DiskDefinition> disks(String vm) {
    List<DiskDefinition> all = new ArrayList<>();
    for (int capacity : disks) {
      long imageBytes = all.isEmpty() ? image * MIB : 0;
      if (capacity < 1 || imageBytes > (capacity - 1) * MIB) {
        throw Refusal.usage(
            "A disk of %d MiB cannot hold an image of %d MiB and 1 MiB for the guest's records. Give a larger --disk or a smaller --image."
                .formatted(capacity, image));
      }
      // Disk ids are unique at their site: the registry names disks by them.
      all.add(new DiskDefinition(vm + "-disk-" + all.size(), capacity * MIB, imageBytes));
    }
    return all;
  }

  private void tell(String line) {
    Objects.requireNonNull(spec).commandLine().getOut().println(line);
  }
}
