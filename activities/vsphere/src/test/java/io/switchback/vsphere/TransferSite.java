package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A test fixture: one site of a transfer, with a VM, a transfer appliance and bytes. */
final class TransferSite implements Closeable {
  private static final Duration GIVEN_BACK_WITHIN = Duration.ofSeconds(10);

  private final VcsimEstate estate;
  private final Front front;
  private final VmRef vm;
  private final String appliance;
  private final Path folder;
  private final MeddledDevices devices;

  TransferSite(VcsimEstate estate) throws IOException {
    this.estate = estate;
    front = Front.withBytes(estate.vcsim());
    String name = estate.nextVm();
    vm = new VmRef(estate.vcsim().site(), estate.judge().vm(name).instanceUuid(), name);
    appliance = estate.nextVm();
    estate.judge().setExtraConfig(appliance, "disk.EnableUUID", "TRUE");
    folder = Files.createTempDirectory("by-id");
    devices = new MeddledDevices(folder);
    front.disks().show(estate.judge().vm(appliance).reference(), folder);
  }

  /** From now on its appliance has block devices, as a real one. */
  void showDevices() {
    front.disks().showDevices(estate.judge().vm(appliance).reference(), folder);
  }

  VmRef vm() {
    return vm;
  }

  /** The name of its transfer appliance. */
  String appliance() {
    return appliance;
  }

  /** Where the appliance shows disks by their ids. */
  Path folder() {
    return folder;
  }

  MeddledDevices devices() {
    return devices;
  }

  Front front() {
    return front;
  }

  VCenter vcenter() {
    return new VCenter(front.settings());
  }

  TransferAppliance worker() {
    return new TransferAppliance(appliance, folder);
  }

  List<String> disks() {
    return estate.judge().disks(vm.name()).stream()
        .map(disk -> "%s:%d".formatted(vm.id(), disk.key()))
        .toList();
  }

  private Path bytes(String disk) {
    int key = Integer.parseInt(disk.substring(disk.indexOf(':') + 1));
    return estate.judge().disks(vm.name()).stream()
        .filter(one -> one.key() == key)
        .map(one -> FlatFile.of(estate.vcsim().file(String.valueOf(one.file()))))
        .findFirst()
        .orElseThrow();
  }

  void write(String disk, long offsetBytes, byte[] bytes) {
    try (RandomAccessFile file = new RandomAccessFile(bytes(disk).toFile(), "rwd")) {
      file.seek(offsetBytes);
      file.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  byte[] read(String disk, long offsetBytes, int length) {
    try (RandomAccessFile file = new RandomAccessFile(bytes(disk).toFile(), "r")) {
      byte[] bytes = new byte[length];
      file.seek(offsetBytes);
      file.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void grow(String disk, long capacityBytes) {
    try (RandomAccessFile file = new RandomAccessFile(bytes(disk).toFile(), "rw")) {
      file.setLength(capacityBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void power(PowerState power) {
    estate.judge().power(vm.name(), power == PowerState.ON);
  }

  PowerState power() {
    return estate.judge().vm(vm.name()).power().equals("poweredOn")
        ? PowerState.ON
        : PowerState.OFF;
  }

  void resetChangeTracking() {
    front.disks().tracking().reset(estate.judge().vm(vm.name()).reference());
  }

  /** Disks of others that the appliance has, as the judge sees it. */
  List<String> borrowed() {
    return estate.judge().disks(appliance).stream()
        .map(disk -> String.valueOf(disk.file()))
        .filter(file -> !file.contains(" " + appliance + "/"))
        .toList();
  }

  /**
   * As the judge sees it: the appliance has its own disks, and nobody notes any other. The end of a
   * stream that serves a disk gives that back a moment after the other end has heard of it.
   */
  void assertNothingAttached() {
    long end = System.nanoTime() + GIVEN_BACK_WITHIN.toNanos();
    while (!(borrowed().isEmpty() && notes().isEmpty()) && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(borrowed()).as("disks of others at %s", appliance).isEmpty();
    assertThat(notes()).as("notes of them").isEmpty();
  }

  private List<String> notes() {
    return Stream.of(appliance, vm.name())
        .flatMap(name -> estate.judge().vm(name).extraConfig().keySet().stream())
        .filter(
            key -> key.startsWith("switchback.attached.") || key.startsWith("switchback.borrowed."))
        .toList();
  }

  @Override
  public void close() throws IOException {
    front.close();
    ShownDisks.clear(folder);
    Files.delete(folder);
  }
}
