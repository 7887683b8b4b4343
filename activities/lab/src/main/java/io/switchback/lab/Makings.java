package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes VMs in a directory of their own, from which a VM that is whole is moved to the site's. What
 * a kill leaves here, the next start deletes.
 */
final class Makings {
  private final LabSite site;
  private final Path directory;

  Makings(LabSite site, Path directory) {
    this.site = site;
    this.directory = directory;
  }

  /** Makes a VM, powered off, with its images written and flushed. */
  LabVm create(VmDefinition asked, @Nullable Stamp stamp) throws IOException {
    VmDefinition definition = site.room().placed(asked);
    site.admit(definition.id(), stamp);
    return make(
        definition,
        Effect.of("createVm", definition, stamp).with(Map.of("disks", definition.disks())),
        stamp,
        store -> {
          for (DiskDefinition disk : definition.disks()) {
            writeImage(disk, store.disk(disk.id()));
          }
        });
  }

  /**
   * Makes a VM, powered off, whose disks hold what another one's held at a snapshot.
   *
   * @param pace comes before each slice
   */
  LabVm copy(Requests.CopyVm request, FrozenDisks.Pace pace) throws IOException {
    VmCopy copy = request.copy();
    Stamp stamp = request.stamp();
    site.admit(copy.id(), stamp);
    LabVm source = site.find(request.vm());
    site.room().checkHost(copy.host());
    try (IsolatedNetworks.Claim _ = site.room().isolated().claim(copy.networks(), copy.host());
        FrozenDisks disks = source.frozen(request.snapshot())) {
      VmDefinition definition =
          site.room().placed(copy.of(source.store().definition(), disks.definitions()));
      return make(
          definition,
          Effect.of("copyVm", definition, stamp)
              .with(
                  Map.of(
                      "of",
                      source.store().id(),
                      "snapshot",
                      disks.snapshot(),
                      "disks",
                      definition.disks())),
          stamp,
          store ->
              disks.copyTo(
                  store,
                  () -> {
                    site.requireWanted(copy.id(), stamp);
                    pace.next();
                  }));
    }
  }

  /** Fills the empty disks of a new VM. */
  private interface Contents {
    void writeTo(VmStore store) throws IOException;
  }

  private LabVm make(VmDefinition definition, Effect made, @Nullable Stamp stamp, Contents contents)
      throws IOException {
    String id = definition.id();
    site.reserve(id, definition.name());
    Path making = directory.resolve(id);
    try {
      Trees.delete(making);
      Files.createDirectories(making);
      try (VmStore store =
          VmStore.create(making, definition, site.journal(), site.fences(), site.room())) {
        try {
          contents.writeTo(store);
          return site.settle(store, made, stamp);
        } finally {
          store.leaveDatastore();
        }
      }
    } finally {
      // Of one that was made nothing is left here.
      Trees.delete(making);
      site.giveBack(List.of(id, definition.name()));
    }
  }

  private static void writeImage(DiskDefinition definition, LayeredDisk disk) throws IOException {
    if (definition.thick()) {
      VmDisks.writeZeros(definition, disk);
    }
    if (definition.imageBytes() > 0) {
      disk.write(0, ByteBuffer.wrap(GuestArea.of(definition).toBytes()));
      VmDisks.writeImage(definition, disk);
    }
    disk.flush();
  }
}
