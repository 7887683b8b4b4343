package io.switchback.vsphere;

import io.switchback.vsphere.soap.Identity;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A test fixture: a site for tests of the whole product, on a simulated vCenter whose disks have
 * bytes (byte tier, our own reading of vCenter). Its VMs are {@code vm-0}, {@code vm-1} …, with one
 * disk each. What people and guests do is done past the product, by an independent client and by
 * the disks' files.
 */
public final class ByteSite implements AutoCloseable {
  private final Vcsim vcsim;
  private final Identity identity = Identity.selfSigned();
  private final Front front;
  private final Judge judge;
  private final Path devices;

  private ByteSite(Vcsim vcsim) {
    this.vcsim = vcsim;
    this.front = Front.withBytes(vcsim, identity);
    this.judge = Judge.of(vcsim);
    try {
      this.devices = Files.createTempDirectory("by-id");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a worker is told that runs on one of the VMs; that one's disks are shown to it. */
  public TransferAppliance appliance(String vm) {
    judge.setExtraConfig(vm, "disk.EnableUUID", "TRUE");
    front.disks().show(judge.vm(vm).reference(), devices);
    return new TransferAppliance(vm, devices);
  }

  /**
   * Starts one.
   *
   * @param flags of {@code docker/lab/vcsim}
   */
  public static ByteSite start(String site, String... flags) {
    String[] plain = java.util.Arrays.copyOf(flags, flags.length + 1);
    plain[flags.length] = "-plain";
    return new ByteSite(Vcsim.start(site, plain));
  }

  /** Where its API is. */
  public URI address() {
    return front.address().resolve("/");
  }

  /** By which its certificate is known. */
  public String trust() {
    return "sha256:" + identity.pin();
  }

  public Login login() {
    return vcsim.login();
  }

  /** The names of all VMs. */
  public List<String> vms() {
    return judge.vms();
  }

  public boolean isOn(String vm) {
    return judge.vm(vm).power().equals("poweredOn");
  }

  public void power(String vm, boolean on) {
    judge.power(vm, on);
  }

  /** The guest's tools answer, as far as vCenter knows. */
  public void runTools(String vm) {
    judge.setExtraConfig(vm, "SET.guest.toolsRunningStatus", "guestToolsRunning");
  }

  /** The names of the VM's snapshots. */
  public List<String> snapshots(String vm) {
    return judge.snapshots(vm).stream().map(Judge.Snapshot::name).toList();
  }

  /** The files of the disks that a VM has now. */
  public List<String> diskFiles(String vm) {
    return judge.disks(vm).stream().map(Judge.Device::file).toList();
  }

  /** What a guest writes to the VM's first disk. */
  public void write(String vm, long offsetBytes, byte[] bytes) {
    try (RandomAccessFile file = new RandomAccessFile(disk(vm).toFile(), "rwd")) {
      file.seek(offsetBytes);
      file.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All that the VM's first disk holds. */
  public byte[] read(String vm) {
    try {
      return Files.readAllBytes(disk(vm));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path disk(String vm) {
    return FlatFile.of(vcsim.file(diskFiles(vm).getFirst()));
  }

  @Override
  public void close() {
    judge.close();
    front.close();
    vcsim.close();
    try (Stream<Path> links = Files.list(devices)) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
      Files.delete(devices);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
