package io.switchback.delta.undo;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.Requires;
import io.switchback.delta.Rung;
import io.switchback.delta.TestBytes;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.file.SparseFile;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.wire.Handshake;
import io.switchback.delta.wire.RemoteSource;
import io.switchback.delta.wire.SourceServer;
import io.switchback.delta.wire.WireSettings;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Another program's eyes on real files: what was copied, and what each point reads as. */
@Tag("process")
class QemuJudgeIT {
  private static final GrantedDisk SERVED = new GrantedDisk("munich", "vm-1", "disk-0", "cycle");
  private static final WireSettings PLAIN = WireSettings.standard().withPlainOnLoopback();

  @TempDir Path folder;

  /** How a cycle finds what it sends, which its proof is of. */
  private enum Way {
    FULL_COPY(Rung.FULL_COPY),
    FULL_COMPARISON(Rung.FULL_COMPARISON),
    STORED_DIGESTS(Rung.STORED_DIGESTS),
    CHANGE_LIST(Rung.CHANGE_LIST);

    private final Rung rung;

    Way(Rung rung) {
      this.rung = rung;
    }

    ChangedAreas changes(List<ByteRange> changed) {
      return switch (this) {
        case FULL_COPY -> new ChangedAreas.Unknown("it is the first");
        case FULL_COMPARISON -> new ChangedAreas.Compared("by policy", true);
        case STORED_DIGESTS -> new ChangedAreas.Compared("there is no list");
        case CHANGE_LIST -> new ChangedAreas.Listed(changed);
      };
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 20975616, false", "2, 20975616, true", "3, 16777217, false", "4, 17000003, true"})
  void everyPointIsWhatTheSourceWas(long seed, long capacityBytes, boolean isRemote)
      throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path source = folder.resolve("source.img");
    Path replica = folder.resolve("replica.img");
    SparseFile.create(source, capacityBytes);
    SparseFile.create(replica, capacityBytes);
    List<Path> moments = new ArrayList<>();
    try (RestorePoints points =
        RestorePoints.open(replica, folder.resolve("points"), FenceCheck.UNFENCED)) {
      for (Way way : Way.values()) {
        int cycle = moments.size();
        List<ByteRange> changed = change(source, capacityBytes, random);
        try (DiskSink sink = points.sink("cycle " + cycle)) {
          TransferResult result = transfer(source, sink, way.changes(changed), isRemote);
          assertThat(result.rung()).isEqualTo(way.rung);
          points.commit("p" + cycle, result.proof());
        }
        assertEqual(source, replica);
        moments.add(
            Files.copy(
                source,
                folder.resolve("moment" + cycle + ".img"),
                StandardCopyOption.REPLACE_EXISTING));
      }
      points.expire("p2");
      for (int cycle : new int[] {0, 1, 3}) {
        Path copy = folder.resolve("copy" + cycle + ".img");
        SparseFile.create(copy, capacityBytes);
        try (DiskSource then = points.read("p" + cycle);
            DiskSink to = new FileDiskSink(copy, FenceCheck.UNFENCED)) {
          transfer(then, to, new ChangedAreas.Compared("there is no list"));
        }
        assertEqual(moments.get(cycle), copy);
      }
      points.revert("p1");
    }
    assertEqual(moments.get(1), replica);
  }

  private static TransferResult transfer(
      Path source, DiskSink sink, ChangedAreas changes, boolean isRemote) throws Exception {
    if (!isRemote) {
      try (DiskSource from = new FileDiskSource(source)) {
        return transfer(from, sink, changes);
      }
    }
    InetAddress here = InetAddress.getLoopbackAddress();
    ServerSocket listening = new ServerSocket(0, 5, here);
    try (SourceServer _ =
            SourceServer.start(
                listening,
                Handshake.plain(),
                _ -> FenceCheck.UNFENCED,
                _ -> new FileDiskSource(source),
                PLAIN);
        DiskSource from =
            RemoteSource.open(
                new Socket(here, listening.getLocalPort()),
                SERVED,
                new byte[] {1},
                sink.capacityBytes(),
                PLAIN)) {
      return transfer(from, sink, changes);
    }
  }

  private static TransferResult transfer(DiskSource from, DiskSink sink, ChangedAreas changes)
      throws Exception {
    return new Transfer(from, sink, changes, TransferObserver.NONE).run();
  }

  /** Answers where. */
  private static List<ByteRange> change(Path image, long capacityBytes, SplittableRandom random)
      throws Exception {
    List<ByteRange> changed = new ArrayList<>();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      for (int i = 0; i < 20; i++) {
        int most = (int) Math.min(3L * LEAF_BYTES, capacityBytes / 40);
        int length = random.nextInt(1, most);
        long offset = i == 0 ? capacityBytes - length : random.nextLong(capacityBytes - length);
        file.seek(offset);
        file.write(
            random.nextInt(4) == 0
                ? new byte[length]
                : TestBytes.random(random.nextLong(), length));
        changed.add(new ByteRange(offset, length));
      }
    }
    return changed;
  }

  private static void assertEqual(Path one, Path other) throws Exception {
    Requires.Ended ended =
        Requires.run(
            List.of(
                Requires.tool("qemu-img").toString(),
                "compare",
                "-f",
                "raw",
                "-F",
                "raw",
                one.toString(),
                other.toString()));
    assertThat(ended.printed()).isEqualTo("Images are identical.");
    assertThat(ended.exitCode()).isZero();
  }
}
