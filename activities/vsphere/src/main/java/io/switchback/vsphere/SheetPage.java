package io.switchback.vsphere;

import com.vmware.vim25.VirtualDisk;
import com.vmware.vim25.VirtualEthernetCard;
import io.switchback.model.DiskPair;
import io.switchback.model.PowerState;
import io.switchback.model.RestorePoint;
import io.switchback.model.Sheet;
import io.switchback.model.VmRef;
import java.util.List;
import java.util.Locale;

/**
 * A break-glass sheet as a person reads it at 3 a.m., among a VM's notes. It says nothing of the
 * moment at which it was written, so that a page that says the same is the same.
 */
final class SheetPage {
  /** What parts the sheet from what people have noted above it. */
  static final String HEADING = "==== BREAK-GLASS SHEET, kept by Switchback: write above ====";

  /** Notes are short: the snapshot manager shows the older ones. */
  private static final int MOST_POINTS = 30;

  private final StringBuilder text = new StringBuilder();
  private final Sheet sheet;
  private final Properties.Row vm;
  private final SiteNames names;

  private SheetPage(Sheet sheet, Properties.Row vm, SiteNames names) {
    this.sheet = sheet;
    this.vm = vm;
    this.names = names;
  }

  static String of(Sheet sheet, Properties.Row vm, SiteNames names) {
    SheetPage page = new SheetPage(sheet, vm, names);
    page.head();
    page.machine();
    page.points();
    page.steps();
    return page.text.toString();
  }

  /** Notes with that page in place of the one that they held; an empty page takes it away. */
  static String into(String notes, String page) {
    int at = notes.indexOf(HEADING);
    String ofPeople = at < 0 ? notes : notes.substring(0, at);
    String above = ofPeople.stripTrailing();
    if (page.isEmpty()) {
      // An empty text can be taken for one that is not to be changed.
      return at < 0 ? notes : above.isEmpty() ? " " : above;
    }
    return (above.isEmpty() ? "" : above + "\n\n") + HEADING + "\n" + page;
  }

  private void head() {
    VmRef production = sheet.replica().production();
    VmRef own = sheet.replica().recovery();
    line("To start '%s' when neither Temporal nor".formatted(sheet.replica().name()));
    line("Switchback answers. While they do, start a failover instead.");
    line("");
    line("Replica     " + sheet.replica().id());
    line(
        "Production  '%s' (%s) at site '%s'"
            .formatted(production.name(), production.id(), production.site()));
    line("This VM     %s at site '%s'".formatted(own.id(), own.site()));
  }

  private void machine() {
    line("");
    line(
        "Machine     %d CPUs, %d MiB, %s, %s"
            .formatted(
                vm.get("config.hardware.numCPU", Integer.class, 0),
                vm.get("config.hardware.memoryMB", Integer.class, 0),
                vm.get("config.firmware", String.class, "firmware not known"),
                vm.get("config.files.vmPathName", String.class, "file not known")));
    for (VirtualEthernetCard card : Cards.of(vm)) {
      line(
          "Network     %s, %s"
              .formatted(
                  names.network(card.getBacking()),
                  Cards.isPlugged(card, PowerState.OFF) ? "plugged in" : "unplugged"));
    }
    for (DiskPair disk : sheet.replica().disks()) {
      line(
          "Disk        %s, %d MiB, follows %s%s"
              .formatted(
                  disk.recoveryDisk(),
                  disk.capacityBytes() >> 20,
                  disk.productionDisk(),
                  Disks.find(vm, disk.recoveryDisk()).map(SheetPage::file).orElse(", is gone")));
    }
    line(
        "Boot order  "
            + (sheet.bootOrder().isEmpty()
                ? "not known: no runbook names this VM"
                : sheet.bootOrder()));
  }

  private static String file(VirtualDisk disk) {
    return ", " + Disks.file(disk);
  }

  private void points() {
    line("");
    line("Restore points, newest first; the time is when production stood so");
    List<RestorePoint> points = sheet.restorePoints();
    if (points.isEmpty()) {
      line("none: this VM cannot be started yet");
    }
    for (RestorePoint point : points.subList(0, Math.min(MOST_POINTS, points.size()))) {
      line(
          "%s  %s  %s-consistent  snapshot %s"
              .formatted(
                  point.id(),
                  point.takenAt(),
                  point.consistency().name().toLowerCase(Locale.ROOT),
                  point.snapshot()));
    }
    if (points.size() > MOST_POINTS) {
      line("and %d older ones: see Manage Snapshots".formatted(points.size() - MOST_POINTS));
    }
  }

  private void steps() {
    if (sheet.restorePoints().isEmpty()) {
      return;
    }
    String newest = sheet.restorePoints().getFirst().snapshot();
    line("");
    line("Start it in the vSphere Client, or in its host's own client");
    line("1 See that production is off: two VMs at one address fight.");
    line("2 Snapshots > Manage Snapshots > '%s' > Revert.".formatted(newest));
    line("3 Power on. Asked whether it was moved or copied: moved.");
    line("Or at a shell of its host");
    line("$ vim-cmd vmsvc/getallvms                   its number, here N");
    line("$ vim-cmd vmsvc/snapshot.get N              the snapshot's Id, here S");
    line("$ vim-cmd vmsvc/snapshot.revert N S 1       1: leave it off");
    line("$ vim-cmd vmsvc/power.on N");
    line("");
    line("Afterwards leave it running. When Switchback is back, take it over:");
    line("switchback start adopt '{\"vms\":[\"%s\"]}'".formatted(sheet.replica().name()));
  }

  private void line(String words) {
    text.append(words).append('\n');
  }
}
