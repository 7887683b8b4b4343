package io.switchback.lab;

import io.switchback.model.DiskPair;
import io.switchback.model.RestorePoint;
import io.switchback.model.Sheet;
import io.switchback.model.VmRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A break-glass sheet as a person reads it at 3 a.m. It says nothing of the moment at which it was
 * written, so that a page that says the same is the same.
 */
final class SheetPage {
  private final StringBuilder text = new StringBuilder();
  private final Sheet sheet;
  private final SiteView site;
  private final VmView vm;

  private SheetPage(Sheet sheet, SiteView site, VmView vm) {
    this.sheet = sheet;
    this.site = site;
    this.vm = vm;
  }

  static String of(Sheet sheet, SiteView site, VmView vm) {
    SheetPage page = new SheetPage(sheet, site, vm);
    page.head();
    page.machine();
    page.disks();
    page.points();
    page.commands();
    page.afterwards();
    return page.text.toString();
  }

  private void head() {
    VmRef production = sheet.replica().production();
    line("BREAK-GLASS SHEET OF " + sheet.replica().name());
    line("");
    line(
        "To start this VM when neither Temporal nor the registry of Switchback answers. While they");
    line("do, start a failover instead. A line that begins with $ is a command, as it is typed.");
    line("");
    line("Replica           %s".formatted(sheet.replica().id()));
    line(
        "Production        VM '%s' (%s) at site '%s'"
            .formatted(production.name(), production.id(), production.site()));
    line("This VM           '%s' (%s) at lab site '%s'".formatted(vm.name(), vm.id(), site.site()));
    line("Site's directory  %s".formatted(site.directory()));
    line("Token             in the file 'token' there, for its owner alone; the commands read it");
  }

  private void machine() {
    line("");
    line("MACHINE");
    line("");
    line("CPUs       %d".formatted(vm.cpus()));
    line("Memory     %d MiB".formatted(vm.memoryBytes() >> 20));
    line("Firmware   %s".formatted(vm.firmware()));
    line("Host       %s".formatted(vm.host().isEmpty() ? "any" : vm.host()));
    line("Datastore  %s".formatted(vm.datastore()));
    for (NetworkCard card : vm.networks()) {
      line(
          "Network    %s, %s, %s"
              .formatted(
                  card.network(),
                  card.address() == null ? "no known address" : "address " + card.address(),
                  card.connected() ? "plugged in" : "unplugged"));
    }
    line(
        "Boot order %s"
            .formatted(
                sheet.bootOrder().isEmpty()
                    ? "not known: no runbook names this VM"
                    : sheet.bootOrder()));
  }

  private void disks() {
    line("");
    line("DISKS");
    line("");
    for (DiskPair disk : sheet.replica().disks()) {
      line(
          "%s  %d MiB, follows %s"
              .formatted(disk.recoveryDisk(), disk.capacityBytes() >> 20, disk.productionDisk()));
      line("    %s".formatted(VmStore.diskDirectory(directory(), disk.recoveryDisk())));
    }
  }

  private void points() {
    line("");
    line("RESTORE POINTS, newest first; the time is when production stood so");
    line("");
    if (sheet.restorePoints().isEmpty()) {
      line("none: this VM cannot be started yet");
    }
    VmState state = state();
    for (RestorePoint point : sheet.restorePoints()) {
      line(
          "%s  %s  %s-consistent  snapshot %s"
              .formatted(
                  point.id(),
                  point.takenAt(),
                  point.consistency().name().toLowerCase(Locale.ROOT),
                  point.snapshot()));
      layers(state, point);
    }
  }

  /** The files that hold each disk at the point, lowest first. */
  private void layers(VmState state, RestorePoint point) {
    state.snapshots().stream()
        .filter(one -> one.name().equals(point.snapshot()))
        .findFirst()
        .ifPresent(
            snapshot ->
                snapshot
                    .disks()
                    .forEach(
                        (disk, stands) -> {
                          List<String> chain = chain(state.disk(disk), stands.layer());
                          line("    %s: %s".formatted(disk, String.join(" < ", chain)));
                        }));
  }

  private static List<String> chain(DiskState disk, String layer) {
    List<String> chain = new ArrayList<>();
    for (@Nullable String at = layer; at != null; at = disk.parentOf(at)) {
      chain.add(at + ".data");
    }
    Collections.reverse(chain);
    return chain;
  }

  private VmState state() {
    try {
      return VmStore.readState(directory());
    } catch (IOException e) {
      throw new UncheckedIOException("The state of VM '" + vm.name() + "' cannot be read.", e);
    }
  }

  private Path directory() {
    return site.directory().resolve("vms").resolve(vm.id());
  }

  private void commands() {
    if (sheet.restorePoints().isEmpty()) {
      return;
    }
    RestorePoint newest = sheet.restorePoints().getFirst();
    line("");
    line("START IT");
    line("");
    line(
        "1  Make sure that production is off, or that nobody reaches it: two VMs at one address fight.");
    line("");
    line(
        "2  See the VM. If the site does not answer, start its daemon first, in another terminal:");
    line(
        "   switchback lab serve --name %s --dir %s"
            .formatted(site.site(), quoted(site.directory().toString())));
    line("");
    command("look %s".formatted(vm.id()));
    line("");
    line(
        "3  Revert it to a restore point. This is the newest; for another, take its snapshot's name");
    line("   from above. What a broken transfer has left on its disks goes.");
    line("");
    command("snapshots %s --revert %s".formatted(vm.id(), newest.snapshot()));
    line("");
    line(
        "4  Power it on. It is a replica, so that nobody starts it by accident: --force says you mean it.");
    line("");
    command("power %s on --force".formatted(vm.id()));
    line("");
    line("5  Wait until its guest is ready; this prints where it serves.");
    line("");
    command("look %s --wait 2m".formatted(vm.id()));
  }

  private void afterwards() {
    line("");
    line("AFTERWARDS");
    line("");
    line(
        "Leave the VM running. When Switchback is back, it finds the VM, writes nothing to it, and says so.");
    line("Take it over, so that it can be undone and failed back like any other failover:");
    line("");
    line("   switchback start adopt '{\"vms\":[\"%s\"]}'".formatted(sheet.replica().name()));
  }

  private void command(String words) {
    line("$ switchback lab " + words + " --dir " + quoted(site.directory().toString()));
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9._/:@%+=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private void line(String words) {
    text.append(words).append('\n');
  }
}
