package io.switchback.bench.delta;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.wire.Handshake;
import io.switchback.delta.wire.RemoteSource;
import io.switchback.delta.wire.SourceServer;
import io.switchback.delta.wire.WireCounts;
import io.switchback.delta.wire.WireSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A site's worker with nothing around the data plane: it serves the files of a folder, or brings
 * files up to others. It ends when its input ends.
 *
 * <pre>
 *   serve FOLDER                     prints the port that it listens on
 *   pull                             takes lines from its input, and answers each with one:
 *     remote PORT NAME TARGET          by a comparison, from a worker that serves
 *     local SOURCE TARGET              by a comparison, from a file of this machine
 *     list SOURCE TARGET LIST          by a list of numbers of 64 KiB regions, one a line
 * </pre>
 *
 * <p>An answer is seconds, bytes read, bytes sent to the sink, bytes on the wire, bytes of tags.
 * Streams are plain: they do not leave the machine.
 */
public final class DiskWorker {
  private static final WireSettings SETTINGS = WireSettings.standard().withPlainOnLoopback();
  private static final int REGION_BYTES = 64 * 1024;

  private DiskWorker() {}

  /**
   * @param arguments what to do, as the class says
   */
  public static void main(String[] arguments) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (arguments[0].equals("serve")) {
      serve(Path.of(arguments[1]), input);
      return;
    }
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      System.out.println(pull(line.split(" ")));
    }
  }

  private static void serve(Path folder, BufferedReader input) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    try (SourceServer _ =
        SourceServer.start(
            socket,
            Handshake.plain(),
            _ -> FenceCheck.UNFENCED,
            disk -> new FileDiskSource(folder.resolve(disk.disk())),
            SETTINGS)) {
      System.out.println(socket.getLocalPort());
      while (input.readLine() != null) {
        // Nothing is said to a server; the end of the input is its end.
      }
    }
  }

  private static String pull(String[] words) throws IOException, InterruptedException {
    long startNanos = System.nanoTime();
    Path target = Path.of(words[words[0].equals("remote") ? 3 : 2]);
    if (words[0].equals("remote")) {
      GrantedDisk disk = new GrantedDisk("production", "vm", words[2], "");
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(words[1]));
      try (RemoteSource source =
          RemoteSource.open(socket, disk, new byte[0], Files.size(target), SETTINGS)) {
        TransferResult result = transfer(source, target, compared());
        return answer(startNanos, result, source.counts());
      }
    }
    try (DiskSource source = new FileDiskSource(Path.of(words[1]))) {
      ChangedAreas changes = words[0].equals("list") ? listed(Path.of(words[3])) : compared();
      TransferResult result = transfer(source, target, changes);
      return answer(startNanos, result, new WireCounts.Snapshot(0, 0, 0, 0, 0));
    }
  }

  private static ChangedAreas compared() {
    return new ChangedAreas.Compared("there is no list");
  }

  private static ChangedAreas listed(Path list) throws IOException {
    List<ByteRange> ranges =
        Files.readAllLines(list).stream()
            .map(line -> new ByteRange(Long.parseLong(line) * REGION_BYTES, REGION_BYTES))
            .toList();
    return new ChangedAreas.Listed(ranges);
  }

  private static TransferResult transfer(DiskSource source, Path target, ChangedAreas changes)
      throws IOException, InterruptedException {
    try (FileDiskSink sink = new FileDiskSink(target, FenceCheck.UNFENCED)) {
      return new Transfer(source, sink, changes, TransferObserver.NONE).run();
    }
  }

  private static String answer(long startNanos, TransferResult result, WireCounts.Snapshot wire) {
    return String.format(
        Locale.ROOT,
        "%.4f %d %d %d %d",
        (System.nanoTime() - startNanos) / 1e9,
        result.readBytes(),
        result.sentBytes(),
        wire.sentBytes() + wire.receivedBytes(),
        wire.tagBytes());
  }
}
