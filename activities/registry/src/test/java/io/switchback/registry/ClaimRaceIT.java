package io.switchback.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Fence;
import io.switchback.port.CatalogueActivities.RecordGreetings;
import io.switchback.port.SiteActivities.Greeting;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Very many claims of one replica at once, with holders and connections that pause. */
class ClaimRaceIT {
  private static final int ATTEMPTS = 10_000;
  private static final int THREADS = 16;

  @TempDir Path directory;

  @Test
  void oneHoldsTheReplicaAtEveryMomentAndFencesOnlyGrow() throws Exception {
    try (TestRegistry registry = new TestRegistry(hurried(TestPostgres.newRegistry()))) {
      ClaimRace race = new ClaimRace(registry.ready("web"), THREADS, true);

      race.run(registry, ATTEMPTS);

      assertThat(race.mistakes()).isEmpty();
      assertThat(race.claims()).isGreaterThan(50);
      assertThat(race.pausedBeyondEveryLimit()).isPositive();
      assertThat(race.overtakenInTheirTransaction()).isPositive();
      assertThat(overlaps(registry)).isZero();
      assertThat(registry.text("select count(*)::text from claim where released_at is null"))
          .isEqualTo("0");
    }
  }

  @Test
  void aRegistryThatIsPutBackToAnEarlierDayGivesOutNoFenceASecondTime() throws Exception {
    Path live = directory.resolve("live");
    Path backup = directory.resolve("backup");
    Fence highest;
    ClaimRace race;
    try (EmbeddedPostgres server = server(live);
        TestRegistry registry = new TestRegistry(migrated(server))) {
      race = new ClaimRace(registry.ready("web"), THREADS, false);
      race.run(registry, ATTEMPTS / 20);
    }
    copy(live, backup);
    try (EmbeddedPostgres server = server(live);
        TestRegistry registry = new TestRegistry(settings(server))) {
      race.run(registry, ATTEMPTS / 20);
      highest = race.highest();
    }

    try (EmbeddedPostgres server = server(backup);
        TestRegistry restored = new TestRegistry(settings(server))) {
      restored.catalogue.recordGreetings(new RecordGreetings(List.of(seen(highest))));
      long before = race.claims();

      race.run(restored, ATTEMPTS / 100);

      assertThat(race.claims()).as("claims of a registry that is behind").isEqualTo(before);
      assertThat(race.refusals()).containsEntry(Fault.FENCE_AHEAD, (long) ATTEMPTS / 100);

      restored.sql("update controller set generation = " + (highest.generation() + 1));
      race.run(restored, ATTEMPTS / 20);

      assertThat(race.mistakes()).isEmpty();
      assertThat(race.claims()).isGreaterThan(before);
      assertThat(race.highest()).isGreaterThan(highest);
      assertThat(overlaps(restored)).isZero();
    }
  }

  private static Greeting seen(Fence fence) {
    return new Greeting(
        "dr", "site.dr", "w1", "b1", null, fence.generation(), fence.epoch(), Instant.now());
  }

  /** Claims of a replica that were held at the same time, by the registry's own word. */
  private static int overlaps(TestRegistry registry) {
    return Integer.parseInt(
        registry.text(
            """
            select count(*)::text from claim a join claim b
              on a.replica_id = b.replica_id and a.epoch < b.epoch
            where b.claimed_at < coalesce(a.released_at, 'infinity')
            """));
  }

  /** Four connections, and so little patience that a test can outlast it. */
  private static RegistrySettings hurried(RegistrySettings settings) {
    return new RegistrySettings(
        settings.url(),
        settings.user(),
        settings.password(),
        ClaimRace.CONNECTIONS,
        Duration.ofSeconds(30),
        ClaimRace.STATEMENT_LIMIT);
  }

  private static EmbeddedPostgres server(Path data) throws IOException {
    return EmbeddedPostgres.builder()
        .setDataDirectory(data)
        .setCleanDataDirectory(false)
        .setServerConfig("fsync", "off")
        .start();
  }

  private static RegistrySettings settings(EmbeddedPostgres server) {
    return hurried(
        RegistrySettings.of(
            "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/postgres", "postgres", ""));
  }

  private static RegistrySettings migrated(EmbeddedPostgres server) {
    RegistryDatabase.open(settings(server)).close();
    return settings(server);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Files.copy(
            one, to.resolve(from.relativize(one).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
