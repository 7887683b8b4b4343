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
  // Whoever locks one VM after the other would begin with the database, as the order by id does.
  private static final String DATABASE = "a-database";
  private static final String APPLICATION = "b-application";
  private static final String DISK = "disk-0";
  private static final GuestDefinition FAST = new GuestDefinition(100.0, 1, null, null, null);

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
    client.createVm(LabFixture.vm(DATABASE, 64 * LabFixture.MIB, FAST), null);
    client.createVm(
        LabFixture.vm(APPLICATION, 64 * LabFixture.MIB, FAST.following(DATABASE)), null);
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    daemon.close();
  }

  private static List<GroupMember> both(String name) {
    return List.of(new GroupMember(DATABASE, name, null), new GroupMember(APPLICATION, name, null));
  }

  private List<Held> points(int count, Taking taking) {
    client.powerOn(DATABASE, null);
    client.powerOn(APPLICATION, null);
    LabFixture.await("the application", () -> client.look(APPLICATION).toolsReady());
    LabFixture.await("records", () -> hasFlushed(APPLICATION, 0));
    List<Held> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "point-" + i;
      taking.take(name);
      points.add(new Held(last(DATABASE, name), last(APPLICATION, name)));
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
        .isGreaterThan(points.getFirst().application());
    assertNothingFellInBetween();
  }

  private void assertNothingFellInBetween() {
    List<Effect> lines = snapshotLines();
    for (int i = 0; i < lines.size(); i += 2) {
      assertThat(lines.get(i + 1).seq()).isEqualTo(lines.get(i).seq() + 1);
    }
  }

  private List<Effect> snapshotLines() {
    return LabFixture.effects(directory).stream()
        .filter(e -> e.kind().equals("createSnapshot"))
        .toList();
  }

  @Test
  void snapshotsTakenOneAfterAnotherShowTheApplicationAheadOfItsDatabase() {
    List<Held> points =
        points(
            1,
            name -> {
              client.createSnapshot(DATABASE, name, false, null);
              long held = last(DATABASE, name);
              LabFixture.await("a later record", () -> hasFlushed(APPLICATION, held));
              client.createSnapshot(APPLICATION, name, false, null);
            });
    assertThat(points).allMatch(held -> held.application() > held.database());
  }

  @Test
  void quiescesTheWholeGroupFirstAndJournalsEachSnapshotAtTheSameMoment() {
    client.powerOn(DATABASE, null);
    client.powerOn(APPLICATION, null);
    LabFixture.await("the application", () -> client.look(APPLICATION).toolsReady());
    LabFixture.await("the database", () -> client.look(DATABASE).toolsReady());
    List<SnapshotView> taken =
        client.snapshotGroup(
            List.of(
                new GroupMember(DATABASE, "db-7", LabFixture.stamp("cycle", 1, 7)),
                new GroupMember(APPLICATION, "app-9", LabFixture.stamp("cycle", 2, 9))),
            true);
    assertThat(taken).extracting(SnapshotView::name).containsExactly("db-7", "app-9");
    assertThat(taken).allMatch(SnapshotView::quiesced);
    assertThat(taken.getFirst().takenAt()).isEqualTo(taken.getLast().takenAt());
    assertThat(snapshotLines()).extracting(Effect::vm).containsExactly(DATABASE, APPLICATION);
    assertNothingFellInBetween();
    long before = last(APPLICATION, "app-9");
    LabFixture.await("more", () -> hasFlushed(APPLICATION, before));
  }

  @Test
  void takesNoneWhenOneIsRefused() {
    client.fence(DATABASE, LabFixture.stamp("failover", 5, 1));
    LabRefusals.refuses(
        LabFault.FENCED,
        () ->
            client.snapshotGroup(
                List.of(
                    new GroupMember(APPLICATION, "one", null),
                    new GroupMember(DATABASE, "one", LabFixture.stamp("cycle", 4, 1))),
                false));
    assertThat(client.snapshots(APPLICATION)).isEmpty();
    assertThatThrownBy(
            () ->
                client.snapshotGroup(
                    List.of(
                        new GroupMember(DATABASE, "one", null),
                        new GroupMember(DATABASE, "two", null)),
                    false))
        .hasMessageContaining("named twice");
    LabRefusals.refuses(LabFault.BAD_REQUEST, () -> client.snapshotGroup(List.of(), false));
  }
}
