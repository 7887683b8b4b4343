package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Replica;
import io.switchback.port.Done;
import io.switchback.port.SheetActivities;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Break-glass sheets in a lab site's own directory, {@code break-glass/<replica id>.txt}. */
public final class LabSheetActivities implements SheetActivities {
  private final LabSites sites;

  public LabSheetActivities(LabSites sites) {
    this.sites = sites;
  }

  @Override
  public Done writeSheet(WriteSheet request) {
    Replica replica = request.sheet().replica();
    String what = "write the break-glass sheet of " + replica;
    return LabFaults.translated(
        what,
        () -> {
          LabClient client = sites.client(replica.recovery());
          // First, so that a late attempt cannot replace a newer page.
          client.fence(replica.recovery().id(), LabSites.stamp(request.mandate()));
          SiteView site = client.site();
          VmView vm = client.look(replica.recovery().id());
          return new Done(
              write(what, file(site, replica), SheetPage.of(request.sheet(), site, vm)),
              RunningActivity.attempt());
        });
  }

  @Override
  public Done removeSheet(RemoveSheet request) {
    Replica replica = request.replica();
    String what = "remove the break-glass sheet of " + replica;
    return LabFaults.translated(
        what,
        () -> {
          LabClient client = sites.client(replica.recovery());
          SiteView site = client.site();
          if (site.vms().stream().anyMatch(vm -> vm.id().equals(replica.recovery().id()))) {
            client.fence(replica.recovery().id(), LabSites.stamp(request.mandate()));
          }
          try {
            return new Done(Files.deleteIfExists(file(site, replica)), RunningActivity.attempt());
          } catch (IOException e) {
            throw failed(what, e);
          }
        });
  }

  /** The replica's id is part of no other's, and stays when the VM is renamed. */
  static Path file(SiteView site, Replica replica) {
    return site.directory()
        .resolve("break-glass")
        .resolve(replica.id().replaceAll("[^A-Za-z0-9._-]", "_") + ".txt");
  }

  private static boolean write(String what, Path file, String page) {
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    try {
      if (Files.exists(file) && Files.readString(file).equals(page)) {
        return false;
      }
      Files.createDirectories(file.getParent());
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      try (FileChannel channel =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(false);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return true;
    } catch (IOException e) {
      throw failed(what, e);
    }
  }

  private static FaultException failed(String what, IOException e) {
    return new FaultException(
        Fault.SITE_UNREACHABLE,
        "Could not %s: the site's directory cannot be written, %s. Look at its permissions and its room."
            .formatted(what, e));
  }
}
