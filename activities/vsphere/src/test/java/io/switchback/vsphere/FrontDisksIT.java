package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.vsphere.FlatFile.Area;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** That the byte tier's disks behave as the other tests take them to. */
@ByteTier
class FrontDisksIT {
  private static final long CAPACITY = 8L << 20;
  private static final int BLOCK = FlatFile.BLOCK;

  private Vcsim vcsim;
  private Judge judge;
  private Front front;
  private RawSoap client;
  private String vm;
  private int key;
  private String disk;

  @BeforeEach
  void open() throws IOException {
    vcsim = Vcsim.start("berlin", "-disks", "2", "-disk-mib", "8");
    judge = Judge.of(vcsim);
    front = Front.withBytes(vcsim);
    client = RawSoap.of(front);
    client.login(vcsim.login());
    vm = judge.vm("vm-0").reference();
    key = judge.disks("vm-0").getFirst().key();
    disk = judge.disks("vm-0").getFirst().file();
  }

  @AfterEach
  void close() {
    client.close();
    front.close();
    judge.close();
    vcsim.close();
  }

  private void write(long offsetBytes, int value) throws IOException {
    try (FileChannel file = FileChannel.open(front.disks().bytes(disk), StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {(byte) value}), offsetBytes);
    }
  }

  private static int read(Path file, long offsetBytes) throws IOException {
    try (FileChannel bytes = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      bytes.read(one, offsetBytes);
      return one.get(0);
    }
  }

  private String snapshot(String name) throws IOException {
    Message answer =
        client.call(
            "CreateSnapshot_Task",
            "VirtualMachine",
            vm,
            "<name>%s</name><memory>false</memory><quiesce>false</quiesce>".formatted(name));
    return client.result(answer.first("returnval").orElseThrow()).orElseThrow();
  }

  private void track() throws IOException {
    client.call(
        "ReconfigVM_Task",
        "VirtualMachine",
        vm,
        "<spec><changeTrackingEnabled>true</changeTrackingEnabled></spec>");
  }

  private void revert(String snapshot) throws IOException {
    client.call("RevertToSnapshot_Task", "VirtualMachineSnapshot", snapshot, "");
  }

  /** What a snapshot's configuration says of the disk, by the names of its backing's fields. */
  private Map<String, String> backing(String snapshot) {
    Message answer =
        client.properties("VirtualMachineSnapshot", snapshot, "config.hardware.device");
    Element device =
        Message.all(answer.content(), "VirtualDevice").stream()
            .filter(each -> Message.text(each, "key").equals(String.valueOf(key)))
            .findFirst()
            .orElseThrow();
    Map<String, String> fields = new TreeMap<>();
    for (Element field : Message.children(Message.child(device, "backing").orElseThrow())) {
      fields.put(field.getLocalName(), field.getTextContent());
    }
    return fields;
  }

  private Message ask(String snapshot, int deviceKey, long startBytes, String since)
      throws IOException {
    return client.call(
        "QueryChangedDiskAreas",
        "VirtualMachine",
        vm,
        "<snapshot type=\"VirtualMachineSnapshot\">%s</snapshot><deviceKey>%d</deviceKey><startOffset>%d</startOffset><changeId>%s</changeId>"
            .formatted(snapshot, deviceKey, startBytes, since));
  }

  private static List<Area> areas(Message answer) {
    assertThat(answer.isFault()).as(answer.write()).isFalse();
    return Message.all(answer.content(), "changedArea").stream()
        .map(
            each ->
                new Area(
                    Long.parseLong(Message.text(each, "start")),
                    Long.parseLong(Message.text(each, "length"))))
        .toList();
  }

  private static String fault(Message answer) {
    assertThat(answer.isFault()).as(answer.write()).isTrue();
    return Message.type(
        Message.children(Message.all(answer.content(), "detail").getFirst()).getFirst());
  }

  @Test
  void everyDiskIsAFileAsLongAsItself() {
    assertThat(judge.disks("vm-0"))
        .hasSize(2)
        .allSatisfy(each -> assertThat(front.disks().bytes(each.file())).hasSize(CAPACITY));
  }

  @Test
  void aSnapshotKeepsWhatWasThereAndARevertBringsItBack() throws IOException {
    write(100, 1);
    String snapshot = snapshot("one");
    write(100, 2);
    Path kept = front.disks().bytes(backing(snapshot).get("fileName"));

    assertThat(kept).isNotEqualTo(front.disks().bytes(disk)).hasSize(CAPACITY);
    assertThat(read(kept, 100)).isEqualTo(1);
    assertThat(read(front.disks().bytes(disk), 100)).isEqualTo(2);

    revert(snapshot);

    assertThat(read(front.disks().bytes(disk), 100)).isEqualTo(1);
  }

  @Test
  void aRemovedSnapshotLeavesNoFile() throws IOException {
    String one = snapshot("one");
    String two = snapshot("two");
    String file = backing(one).get("fileName");
    String later = backing(two).get("fileName");

    client.call(
        "RemoveSnapshot_Task",
        "VirtualMachineSnapshot",
        one,
        "<removeChildren>false</removeChildren>");

    assertThat(judge.snapshots("vm-0")).extracting(Judge.Snapshot::name).containsExactly("two");
    assertThat(vcsim.file(file)).doesNotExist();
    assertThat(vcsim.file(later)).exists();
    assertThat(Files.exists(front.disks().bytes(disk))).isTrue();
  }

  @Test
  void aSnapshotSaysAChangeIdWhereChangesAreTracked() throws IOException {
    String untracked = snapshot("one");
    track();
    String tracked = snapshot("two");
    String again = snapshot("three");

    assertThat(backing(untracked)).doesNotContainKey("changeId");
    assertThat(backing(tracked).get("changeId")).endsWith("/1");
    assertThat(backing(again).get("changeId"))
        .isEqualTo(backing(tracked).get("changeId").replace("/1", "/2"));
  }

  @Test
  void tellsWhatChangedBetweenTwoSnapshotsAndNothingElse() throws IOException {
    track();
    write(0, 1);
    String since = backing(snapshot("one")).get("changeId");
    write(5L * BLOCK + 7, 1);
    write(6L * BLOCK, 1);
    String two = snapshot("two");
    write(9L * BLOCK, 1);

    Message answer = ask(two, key, 0, since);

    assertThat(areas(answer)).containsExactly(new Area(5L * BLOCK, 2L * BLOCK));
    assertThat(answer.first("length")).contains(String.valueOf(CAPACITY));
    assertThat(areas(ask(two, key, 0, "*")))
        .containsExactly(new Area(0, BLOCK), new Area(5L * BLOCK, 2L * BLOCK));
  }

  @Test
  void stopsAfterSoManyAreasAndGoesOnFromThere() throws IOException {
    track();
    String since = backing(snapshot("one")).get("changeId");
    for (int i = 0; i < 5; i++) {
      write(2L * i * BLOCK, 1);
    }
    String two = snapshot("two");
    front.disks().tracking().answerAtMost(2);
    List<Area> found = new ArrayList<>();
    int asked = 0;
    for (long at = 0; at < CAPACITY; asked++) {
      Message answer = ask(two, key, at, since);
      found.addAll(areas(answer));
      at += Long.parseLong(answer.first("length").orElseThrow());
    }

    assertThat(asked).isEqualTo(3);
    assertThat(found)
        .containsExactly(
            new Area(0, BLOCK),
            new Area(2L * BLOCK, BLOCK),
            new Area(4L * BLOCK, BLOCK),
            new Area(6L * BLOCK, BLOCK),
            new Area(8L * BLOCK, BLOCK));
  }

  @Test
  void refusesAnOffsetPastTheEndAndAKeyThatTheSnapshotDoesNotHave() throws IOException {
    track();
    String one = snapshot("one");
    String since = backing(one).get("changeId");

    Message past = ask(one, key, CAPACITY, since);
    assertThat(fault(past)).isEqualTo("InvalidArgument");
    assertThat(past.first("invalidProperty")).contains("startOffset");
    Message other = ask(one, 9999, 0, since);
    assertThat(fault(other)).isEqualTo("InvalidArgument");
    assertThat(other.first("invalidProperty")).contains("deviceKey");
  }

  @Test
  void forgetsItsChangeIdsAfterAResetAndAfterARevert() throws IOException {
    track();
    String one = snapshot("one");
    String since = backing(one).get("changeId");

    front.disks().tracking().reset(vm);

    String two = snapshot("two");
    assertThat(fault(ask(two, key, 0, since))).isEqualTo("FileFault");
    String then = backing(two).get("changeId");
    assertThat(then.substring(0, 36)).isNotEqualTo(since.substring(0, 36));
    assertThat(areas(ask(two, key, 0, then))).isEmpty();
    revert(two);
    assertThat(fault(ask(two, key, 0, then))).isEqualTo("FileFault");
  }

  @Test
  void aCloneHoldsWhatItsSnapshotHeld() throws IOException {
    write(100, 1);
    String one = snapshot("one");
    write(100, 2);

    Message answer =
        client.call(
            "CloneVM_Task",
            "VirtualMachine",
            vm,
            "<folder type=\"Folder\">%s</folder><name>copy</name><spec><location/><powerOn>false</powerOn><template>false</template><snapshot type=\"VirtualMachineSnapshot\">%s</snapshot></spec>"
                .formatted(client.property("VirtualMachine", vm, "parent").orElseThrow(), one));

    assertThat(answer.isFault()).as(answer.write()).isFalse();
    List<Judge.Device> disks = judge.disks("copy");
    assertThat(disks).hasSize(2);
    assertThat(read(front.disks().bytes(disks.getFirst().file()), 100)).isEqualTo(1);
    assertThat(disks.getFirst().uuid()).isNotEqualTo(judge.disks("vm-0").getFirst().uuid());
  }
}
