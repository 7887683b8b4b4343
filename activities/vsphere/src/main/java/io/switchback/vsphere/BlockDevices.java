package io.switchback.vsphere;

import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** The disks of the VM that this worker runs on, as its system shows them. */
class BlockDevices {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration BEAT = Duration.ofSeconds(2);

  private final Path folder;

  BlockDevices(Path folder) {
    this.folder = folder;
  }

  /** Where the system shows the disk of that uuid, if it has it. */
  Path link(String uuid) {
    return folder.resolve("wwn-0x" + uuid.replaceAll("[^0-9A-Fa-f]", "").toLowerCase(Locale.ROOT));
  }

  /**
   * Waits until the system shows a disk that was attached.
   *
   * @throws FaultException APPLIANCE_UNFIT when it does not
   */
  Path await(String what, String uuid) {
    Path link = link(uuid);
    long end = System.nanoTime() + PATIENCE.toNanos();
    long beat = System.nanoTime();
    while (!Files.exists(link)) {
      if (System.nanoTime() - end > 0) {
        throw new FaultException(
            Fault.APPLIANCE_UNFIT,
            "Could not %s: vCenter attached the disk, and this worker's system does not show '%s'. Look whether --appliance names the VM that the worker runs on, and whether disk.EnableUUID is TRUE there."
                .formatted(what, link));
      }
      if (System.nanoTime() - beat > BEAT.toNanos()) {
        RunningActivity.heartbeat(what);
        beat = System.nanoTime();
      }
      pause(what);
    }
    return link;
  }

  private static void pause(String what) {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaultException(
          Fault.BUSY, "Could not %s: the worker is shutting down.".formatted(what), e);
    }
  }

  DiskSource source(Path device) throws IOException {
    return new FileDiskSource(device);
  }

  DiskSink sink(Path device, FenceCheck fence) throws IOException {
    return new FileDiskSink(device, fence);
  }
}
