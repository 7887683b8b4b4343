package io.switchback.lab;

import io.switchback.delta.ByteRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What the lab's tests make again and again. */
final class LabFixture {
  static final long MIB = 1 << 20;

  private LabFixture() {}

  static VmDefinition idle(String name, long capacityBytes) {
    return vm(name, capacityBytes, new GuestDefinition(0.0, null, null, null, null));
  }

  static VmDefinition writing(String name, long capacityBytes) {
    return vm(name, capacityBytes, new GuestDefinition(500.0, 5, null, null, null));
  }

  static VmDefinition vm(String name, long capacityBytes, GuestDefinition guest) {
    return new VmDefinition(
        name,
        name,
        List.of(new NetworkCard("lan", true, "10.10.0.11")),
        List.of(DiskDefinition.empty("disk-0", capacityBytes)),
        guest,
        false);
  }

  static Stamp stamp(String operation, long epoch, long step) {
    return new Stamp(operation, "step-" + step, new LabFence(1, epoch, step, 1));
  }

  /** The head of a write's frame, as of somebody who may do everything. */
  static Requests.Frame writing(String disk, List<ByteRange> ranges, List<ByteRange> zeros) {
    return new Requests.Frame(
        "write", null, "", disk, null, ranges, zeros, null, null, null, null, null, null);
  }

  static List<Effect> effects(Path siteDirectory) {
    try {
      String text = Files.readString(siteDirectory.resolve("effects.jsonl"));
      // The last line may be half written at this moment.
      return text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8), Effect.class))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static byte[] read(DiskConnection disk, String snapshot, long offset, int length) {
    ByteBuffer target = ByteBuffer.allocate(length);
    disk.read(snapshot, offset, target);
    return target.array();
  }

  static void write(DiskConnection disk, long offset, byte[] bytes, Stamp stamp) {
    disk.write(offset, ByteBuffer.wrap(bytes), stamp);
  }

  /** Waits until something that runs at its own pace has got that far. */
  static void await(String what, BooleanSupplier reached) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Did not come to pass: " + what);
      }
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
