package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.switchback.model.Forecast;
import io.switchback.model.Forecast.Sample;
import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.MeasureRoom;
import io.switchback.port.RoomActivities.Room;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is foretold of a datastore comes to pass. */
final class RoomForecastTest {
  private static final long CAPACITY = 10 * LabFixture.MIB;

  @TempDir Path directory;

  @Test
  void foretellsWhenADatastoreIsFullUnderAConstantWriteRate() throws Exception {
    SiteResources small =
        new SiteResources(null, List.of(new DatastoreDefinition("small", CAPACITY)));
    try (LabDaemon daemon = LabDaemon.start(new LabSettings("munich", directory, 0, small));
        LabSites sites = new LabSites(Map.of("munich", LabClient.of(directory)))) {
      assertThat(daemon.address()).isNotNull();
      fill(sites.client("munich"), sites);
    }
  }

  private void fill(LabClient client, LabSites sites) {
    client.createVm(writer(), null);
    client.powerOn("writer", null);
    List<Sample> samples = new ArrayList<>();
    List<Instant> foretold = new ArrayList<>();
    LabFixture.await(
        "the datastore is half full",
        () -> {
          Sample now = measure(sites);
          samples.add(now);
          Forecast.fullIn(samples).ifPresent(left -> foretold.add(now.at().plus(left)));
          return now.freeBytes() < CAPACITY / 2;
        });
    Instant half = samples.getLast().at();
    LabFixture.await(
        "the guest finds the datastore full",
        () -> "disk full".equals(client.look("writer").halted()));
    Duration really = Duration.between(half, fullAt());
    Duration said = Duration.between(half, foretold.getLast());
    assertThat((double) said.toMillis())
        .as("foretold %s at half, full after %s", said, really)
        .isCloseTo((double) really.toMillis(), within(0.2 * really.toMillis()));
  }

  private static Sample measure(LabSites sites) {
    Room room = new LabRoomActivities(sites).measureRoom(new MeasureRoom("munich", List.of()));
    DatastoreRoom store = room.datastores().getFirst();
    return new Sample(room.at(), store.freeBytes());
  }

  /** When the guest wrote the last record for which there was room, as the site's journal tells. */
  private Instant fullAt() {
    return LabFixture.effects(directory).stream()
        .filter(effect -> effect.kind().equals("written"))
        .map(Effect::at)
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  /** Writes at a steady pace, always to new places. */
  private static VmDefinition writer() {
    return LabFixture.vm(
        "writer", 64 * LabFixture.MIB, new GuestDefinition(2000.0, 500, null, null, null));
  }
}
