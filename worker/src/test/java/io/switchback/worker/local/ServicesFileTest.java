package io.switchback.worker.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesFileTest {
  @TempDir Path directory;

  @Test
  void holdsNothingBeforeTheFirstUpdate() {
    assertThat(file().read()).isEqualTo(Services.none());
  }

  @Test
  void readsBackWhatWasWritten() {
    TemporalAddress temporal =
        new TemporalAddress(
            TemporalAddress.Kind.DEV_SERVER, "127.0.0.1:7233", "http://127.0.0.1:8233");
    RegistryAddress registry =
        new RegistryAddress(
            RegistryAddress.Kind.EMBEDDED, "jdbc:postgresql://127.0.0.1:1/postgres");
    SiteAddress site = new SiteAddress("berlin", "127.0.0.1:9000", "/data/berlin");
    StartedProcess process = new StartedProcess("berlin", 42, "boot/7", "/logs/berlin.log");

    Services written =
        file()
            .update(
                services ->
                    services
                        .withTemporal(temporal)
                        .withRegistry(registry)
                        .withSite(site)
                        .withProcess(process));

    assertThat(file().read())
        .isEqualTo(written)
        .isEqualTo(
            new Services(
                temporal,
                registry,
                java.util.Map.of("berlin", site),
                java.util.Map.of("berlin", process)));
  }

  @Test
  void losesNoUpdateOfManyAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<?>> updates = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        String name = "site-" + i;
        updates.add(
            threads.submit(
                () -> file().update(all -> all.withSite(new SiteAddress(name, "a", "d")))));
      }
      for (Future<?> update : updates) {
        update.get();
      }
    }

    assertThat(file().read().sites()).hasSize(40);
  }

  @Test
  void isReadableByItsOwnerOnly() throws Exception {
    file().update(services -> services);

    assertThat(Files.getPosixFilePermissions(directory.resolve("services.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void readsWhatANewerProgramWrote() throws Exception {
    Files.writeString(directory.resolve("services.json"), "{\"fromTheFuture\": 1}");

    assertThat(file().read()).isEqualTo(Services.none());
  }

  @Test
  void refusesABrokenFileInASentence() throws Exception {
    Files.writeString(directory.resolve("services.json"), "{");

    assertThatThrownBy(() -> file().read())
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("services.json");
  }

  private ServicesFile file() {
    return new ServicesFile(directory.resolve("services.json"));
  }
}
