package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application and its database: the one writes record k only once the other has flushed k. */
class SnapshotGroupTest {
  private static final int POINTS = 200;
  private static final String DISK = "disk-0";
  private static final GuestDefinition FAST = new GuestDefinition(500.0, 2, null, null, null);

  @TempDir Path directory;

  private LabDaemon daemon;
  private LabClient client;

  /** Takes one point of both VMs. */
  private interface Taking {
    void take(String name);
  }

  /** What a point holds of each. */
  private record Held(long database, long application) {}

  @BeforeEach
  void start() throws IOException {
    daemon = LabDaemon.start(new LabSettings("berlin", directory, 0));
    client = LabClient.of(directory);
    client.createVm(LabFixture.vm("database", 64 * LabFixture.MIB, FAST), null);
    client.createVm(
        LabFixture.vm("application", 64 * LabFixture.MIB, FAST.following("database")), null);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  private static List<GroupMember> both(String name) {
    return List.of(
        new GroupMember("database", name, null), new GroupMember("application", name, null));
  }

  private List<Held> points(int count, Taking taking) {
    client.powerOn("database", null);
    client.powerOn("application", null);
    LabFixture.await("the application", () -> client.look("application").toolsReady());
    LabFixture.await("records", () -> hasFlushed("application", 0));
    List<Held> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "point-" + i;
      taking.take(name);
      points.add(new Held(last("database", name), last("application", name)));
      client.removeSnapshot("database", name, null);
      client.removeSnapshot("application", name, null);
    }
    return points;
  }

  /** The last record of a point, found by halving: records 1 to n are there, none later. */
  private long last(String vm, String snapshot) {
    try (SnapshotReader disk = SnapshotReader.open(directory, vm, DISK, snapshot)) {
      long low = 0;
      long high = (disk.capacityBytes() - Layer.GRAIN) / GuestRecord.BYTES;
      while (low < high) {
        long middle = (low + high + 1) / 2;
        byte[] record = new byte[GuestRecord.BYTES];
        disk.read(Layer.GRAIN + (middle - 1) * GuestRecord.BYTES, ByteBuffer.wrap(record));
        if (GuestRecord.parse(record, 0).isPresent()) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean hasFlushed(String vm, long beyond) {
    return LabFixture.effects(directory).stream()
        .anyMatch(e -> e.kind().equals("flushed") && vm.equals(e.vm()) && e.record() > beyond);
  }

  @Test
  void inEachGroupPointTheApplicationIsNeverAheadOfItsDatabase() {
    List<Held> points = points(POINTS, name -> client.snapshotGroup(both(name), false));
    assertThat(points).hasSize(POINTS).allMatch(held -> held.application() <= held.database());
    assertThat(points.getLast().application())
        .as("both went on writing")
        .isGreaterThan(points.getFirst().application() + POINTS);
  }

  @Test
  void snapshotsTakenOneAfterAnotherShowTheApplicationAheadOfItsDatabase() {
    List<Held> points =
        points(
            POINTS / 5,
            name -> {
              client.createSnapshot("database", name, false, null);
              client.createSnapshot("application", name, false, null);
            });
    assertThat(points).anyMatch(held -> held.application() > held.database());
  }

  @Test
  void quiescesTheWholeGroupFirstAndJournalsEachSnapshotAtTheSameMoment() {
    client.powerOn("database", null);
    client.powerOn("application", null);
    LabFixture.await("the application", () -> client.look("application").toolsReady());
    LabFixture.await("the database", () -> client.look("database").toolsReady());
    List<SnapshotView> taken =
        client.snapshotGroup(
            List.of(
                new GroupMember("database", "db-7", LabFixture.stamp("cycle", 1, 7)),
                new GroupMember("application", "app-9", LabFixture.stamp("cycle", 2, 9))),
            true);
    assertThat(taken).extracting(SnapshotView::name).containsExactly("db-7", "app-9");
    assertThat(taken).allMatch(SnapshotView::quiesced);
    assertThat(taken.getFirst().takenAt()).isEqualTo(taken.getLast().takenAt());
    List<Effect> lines =
        LabFixture.effects(directory).stream()
            .filter(e -> e.kind().equals("createSnapshot"))
            .toList();
    assertThat(lines).extracting(Effect::vm).containsExactly("application", "database");
    assertThat(lines.getLast().seq())
        .as("no line of a guest falls in between")
        .isEqualTo(lines.getFirst().seq() + 1);
    long before = last("application", "app-9");
    LabFixture.await("more", () -> hasFlushed("application", before));
  }

  @Test
  void takesNoneWhenOneIsRefused() {
    client.fence("database", LabFixture.stamp("failover", 5, 1));
    LabRefusals.refuses(
        LabFault.FENCED,
        () ->
            client.snapshotGroup(
                List.of(
                    new GroupMember("application", "one", null),
                    new GroupMember("database", "one", LabFixture.stamp("cycle", 4, 1))),
                false));
    assertThat(client.snapshots("application")).isEmpty();
    assertThatThrownBy(
            () ->
                client.snapshotGroup(
                    List.of(
                        new GroupMember("database", "one", null),
                        new GroupMember("database", "two", null)),
                    false))
        .hasMessageContaining("named twice");
    LabRefusals.refuses(LabFault.BAD_REQUEST, () -> client.snapshotGroup(List.of(), false));
  }
}
