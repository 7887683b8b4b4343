package io.switchback.delta.wire;

import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.ForwardingSource;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * The programs that {@link KilledWorkerIT} kills: {@code serve <image>} prints the port, then how
 * much it has read so far, line by line; {@code copy <port> <capacity> <image> <state>} ends once
 * the image is equal.
 */
final class KilledProcess {
  private KilledProcess() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("serve")) {
      Path image = Path.of(arguments[1]);
      PrintStream out = System.out;
      Loopback serving = serve(image, read -> out.println("read " + read));
      out.println("port " + serving.port());
      Thread.currentThread().join();
    } else {
      copy(
          Integer.parseInt(arguments[1]),
          Long.parseLong(arguments[2]),
          Path.of(arguments[3]),
          Path.of(arguments[4]));
    }
  }

  /** Serves the image, and tells at every read how many bytes were read so far. */
  static Loopback serve(Path image, LongConsumer told) throws IOException {
    AtomicLong readBytes = new AtomicLong();
    return new Loopback(
        _ -> FenceCheck.UNFENCED, _ -> new SlowSource(new FileDiskSource(image), readBytes, told));
  }

  static void copy(int port, long capacityBytes, Path image, Path state) throws Exception {
    try (FileDiskSink sink = new FileDiskSink(image, FenceCheck.UNFENCED, state, "snapshot-1");
        RemoteSource source =
            RemoteSource.open(
                new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port),
                Loopback.DISK,
                new byte[] {1},
                capacityBytes,
                Loopback.SETTINGS)) {
      var _ =
          new Transfer(
                  source, sink, new ChangedAreas.Unknown("it is the first"), TransferObserver.NONE)
              .run();
    }
  }

  /** Slow enough to be killed on the way. */
  private static final class SlowSource extends ForwardingSource {
    private static final long NANOS_PER_READ = 4_000_000;

    private final AtomicLong readBytes;
    private final LongConsumer told;

    SlowSource(DiskSource disk, AtomicLong readBytes, LongConsumer told) {
      super(disk);
      this.readBytes = readBytes;
      this.told = told;
    }

    @Override
    public void read(long offsetBytes, ByteBuffer into) throws IOException {
      int length = into.remaining();
      LockSupport.parkNanos(NANOS_PER_READ);
      super.read(offsetBytes, into);
      told.accept(readBytes.addAndGet(length));
    }
  }
}
