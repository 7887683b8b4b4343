package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.switchback.port.SheetActivities;
import io.switchback.port.SheetContract;
import io.switchback.port.SheetFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Lab sites keep every promise about break-glass sheets. */
final class LabSheetContractTest extends SheetContract {
  @Override
  protected SheetFixture open() throws IOException {
    return new Site();
  }

  private static final class Site implements SheetFixture {
    private final Path directory = Files.createTempDirectory("lab-sheet");
    private final LabDaemon daemon = LabDaemon.start(new LabSettings("munich", directory, 0));
    private final LabClient client = LabClient.of(directory);
    private final LabSites sites = new LabSites(Map.of("munich", client));
    private final Replica replica = replica("web-01");
    private final Replica other = replica("web-02");
    private boolean broken;

    Site() throws IOException {}

    private Replica replica(String name) {
      VmView vm = client.createVm(LabFixture.idle(name + "_replica", LabFixture.MIB), null);
      List<DiskPair> disks =
          vm.disks().stream()
              .map(disk -> new DiskPair("p-" + disk.id(), disk.id(), disk.capacityBytes()))
              .toList();
      return new Replica(
          name + ".1",
          name,
          new VmRef("berlin", name, name),
          new VmRef("munich", vm.id(), vm.name()),
          disks,
          List.of("lan"));
    }

    @Override
    public SheetActivities sheets() {
      return new LabSheetActivities(sites);
    }

    @Override
    public Replica replica() {
      return replica;
    }

    @Override
    public Replica other() {
      return other;
    }

    @Override
    public Optional<String> page(Replica of) {
      Path sheets = directory.resolve("break-glass");
      Path page = sheets.resolve(of.id() + ".txt");
      try {
        if (Files.exists(sheets)) {
          try (Stream<Path> files = Files.list(sheets)) {
            assertThat(files).allMatch(file -> file.toString().endsWith(".txt"));
          }
        }
        return Files.exists(page) ? Optional.of(Files.readString(page)) : Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void deleteVm(Replica of) {
      client.deleteVm(of.recovery().id(), null);
    }

    @Override
    public void breakSite() {
      broken = true;
      closeDaemon();
    }

    private void closeDaemon() {
      try {
        daemon.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      if (!broken) {
        closeDaemon();
      }
      sites.close();
      try {
        Trees.delete(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
