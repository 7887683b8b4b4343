package io.switchback.vsphere;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.DiskPair;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.port.PortCaller;
import io.switchback.port.TransferActivities;
import io.switchback.port.TransferActivities.TransferDisk;
import io.switchback.port.TransferActivities.Transferred;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** That what an appliance attaches is found by its uuid, read and written as a block device. */
@ByteTier
class BlockDeviceTransferIT {
  @AutoClose private static final TransferEstates ESTATES = new TransferEstates();

  @AutoClose private final VcsimTransferFixture sites = ESTATES.byPath().onBlockDevices();

  @AutoClose
  private final PortCaller<TransferActivities> transfers =
      new PortCaller<>(TransferActivities.class, sites.transfers());

  private final DiskPair disk = sites.replica().disks().getFirst();

  @Test
  void goesFromDeviceToDeviceAndLeavesNone() {
    AtomicReference<List<Path>> written = new AtomicReference<>(List.of());
    for (long place : sites.places()) {
      sites.write(sites.replica().production(), disk.productionDisk(), place, bytes());
    }
    var _ = sites.snapshot("one");
    sites.betweenBatches(() -> written.set(behind(sites.shownAtRecovery())));

    Transferred done =
        transfers
            .call()
            .transferDisk(
                new TransferDisk(
                    new Mandate("cycle/1", "transfer", new Fence(1, 1, 1, 0)),
                    sites.replica().production(),
                    "one",
                    sites.replica().recovery(),
                    disk,
                    null,
                    null,
                    "",
                    null));

    assertThat(done.rung()).isEqualTo("FULL_COPY");
    assertThat(sites.places())
        .allSatisfy(
            place ->
                assertThat(
                        sites.read(
                            sites.replica().recovery(), disk.recoveryDisk(), place, bytes().length))
                    .isEqualTo(bytes()));
    assertThat(written.get())
        .isNotEmpty()
        .allSatisfy(device -> assertThat(device.toString()).startsWith("/dev/loop"));
    assertThat(sites.borrowedAtRecovery()).isEmpty();
    assertThat(sites.borrowedAtProduction()).isEmpty();
  }

  private static byte[] bytes() {
    return "fresh".getBytes(US_ASCII);
  }

  private static List<Path> behind(Path folder) {
    try (Stream<Path> links = Files.list(folder)) {
      return links
          .map(
              link -> {
                try {
                  return link.toRealPath();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              })
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
