package io.switchback.bench.delta;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskSource;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.TransferResult;
import io.switchback.delta.file.FileDiskSink;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.trust.SiteTls;
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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/**
 * A site's worker with nothing around the data plane: it serves the files of a folder, or brings
 * files up to others. It ends when its input ends.
 *
 * <pre>
 *   serve FOLDER [IDENTITY]          prints the port that it listens on, and after each line of its
 *                                    input the bytes that it has read of its disks so far
 *   pull                             takes lines from its input, and answers each with one:
 *     remote PORT NAME TARGET          by a comparison, from a worker that serves
 *     tls PORT NAME TARGET IDENTITY    the same over TLS
 *     local SOURCE TARGET              by a comparison, from a file of this machine
 *     list SOURCE TARGET LIST          by a list of numbers of 64 KiB regions, one a line
 *     many PORT NAME TARGET COUNT STATE
 *                                      COUNT times remote at once, names, targets and folders with
 *                                      -0, -1 ...
 *     direct DEPTH FILE ...            no transfer: reads files past the cache
 *     tag KEYS FILE ...                no transfer: reads files and tags each with so many keys
 * </pre>
 *
 * <p>The first four may be followed by STATE MOMENT: then the target has its journal and its stored
 * tags in that folder, and the source is at that moment.
 *
 * <p>An answer is seconds, bytes read, bytes sent to the sink, bytes on the wire, bytes of tags,
 * and how the bytes to send were found. Streams without TLS do not leave the machine. Every disk
 * may be read by whoever asks.
 */
public final class DiskWorker {
  /** The name in the certificate of whoever serves. */
  static final String SERVING_SITE = "berlin";

  private static final WireSettings SETTINGS = WireSettings.standard().withPlainOnLoopback();
  private static final int REGION_BYTES = 64 * 1024;
  private static final String NO_RUNG = "-";
  private static final WireCounts.Snapshot NO_WIRE = new WireCounts.Snapshot(0, 0, 0, 0, 0);

  private DiskWorker() {}

  /**
   * @param arguments what to do, as the class says
   */
  public static void main(String[] arguments) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    if (arguments[0].equals("serve")) {
      Handshake handshake =
          arguments.length > 2
              ? Handshake.tls(SiteTls.of(Path.of(arguments[2]), InstantSource.system()))
              : Handshake.plain();
      serve(Path.of(arguments[1]), handshake, input);
      return;
    }
    for (String line = input.readLine(); line != null; line = input.readLine()) {
      System.out.println(pull(List.of(line.split(" "))));
    }
  }

  private static void serve(Path folder, Handshake handshake, BufferedReader input)
      throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Set<CountedDisk> open = ConcurrentHashMap.newKeySet();
    LongAdder ofClosed = new LongAdder();
    try (SourceServer _ =
        SourceServer.start(
            socket,
            handshake,
            _ -> FenceCheck.UNFENCED,
            disk -> {
              CountedDisk counted =
                  new CountedDisk(
                      new FileDiskSource(folder.resolve(disk.disk())),
                      closed -> {
                        // Kept itself, each would keep the tags that it remembers.
                        if (open.remove(closed)) {
                          ofClosed.add(closed.allReadBytes());
                        }
                      });
              open.add(counted);
              return counted;
            },
            SETTINGS)) {
      System.out.println(socket.getLocalPort());
      while (input.readLine() != null) {
        System.out.println(
            ofClosed.sum() + open.stream().mapToLong(CountedDisk::allReadBytes).sum());
      }
    }
  }

  private static String pull(List<String> words) throws Exception {
    long startNanos = System.nanoTime();
    return switch (words.getFirst()) {
      case "remote" -> remote(startNanos, words, words.subList(4, words.size()));
      case "tls" -> remote(startNanos, words, words.subList(5, words.size()));
      case "many" -> many(startNanos, words);
      case "local" -> local(startNanos, words, compared(), words.subList(3, words.size()));
      case "list" ->
          local(startNanos, words, listed(Path.of(words.get(3))), words.subList(4, words.size()));
      case "direct" ->
          answer(
              startNanos,
              NO_RUNG,
              DirectReader.read(
                  Integer.parseInt(words.get(1)),
                  words.subList(2, words.size()).stream().map(Path::of).toList()));
      case "tag" -> answer(startNanos, NO_RUNG, tagged(words.subList(1, words.size())));
      default -> throw new IllegalArgumentException("There is no '%s'.".formatted(words));
    };
  }

  /**
   * @param keysAndFiles in turn: how many keys, and the file that is tagged with each
   */
  private static long tagged(List<String> keysAndFiles) throws Exception {
    long readBytes = 0;
    for (int at = 0; at < keysAndFiles.size(); at += 2) {
      readBytes +=
          TagReader.read(Path.of(keysAndFiles.get(at + 1)), Integer.parseInt(keysAndFiles.get(at)));
    }
    return readBytes;
  }

  private static String local(
      long startNanos, List<String> words, ChangedAreas changes, List<String> state)
      throws IOException, InterruptedException {
    try (DiskSource source = new FileDiskSource(Path.of(words.get(1)));
        DiskSink sink = sink(Path.of(words.get(2)), state)) {
      return answer(startNanos, transfer(source, sink, changes), NO_WIRE);
    }
  }

  /**
   * @param state folder and moment, or nothing
   */
  private static DiskSink sink(Path target, List<String> state) throws IOException {
    return state.isEmpty()
        ? new FileDiskSink(target, FenceCheck.UNFENCED)
        : new FileDiskSink(target, FenceCheck.UNFENCED, Path.of(state.get(0)), state.get(1));
  }

  private static String remote(long startNanos, List<String> words, List<String> state)
      throws IOException, InterruptedException {
    Path target = Path.of(words.get(3));
    GrantedDisk disk = new GrantedDisk("production", "vm", words.get(2), "");
    Socket plain = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(words.get(1)));
    Socket socket =
        words.getFirst().equals("tls")
            ? SiteTls.of(Path.of(words.get(4)), InstantSource.system())
                .dial(plain, SERVING_SITE)
                .socket()
            : plain;
    try (RemoteSource source =
            RemoteSource.open(socket, disk, new byte[0], Files.size(target), SETTINGS);
        DiskSink sink = sink(target, state)) {
      return answer(startNanos, transfer(source, sink, compared()), source.counts());
    }
  }

  private static String many(long startNanos, List<String> words) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> transfers = new ArrayList<>();
      for (int at = 0; at < Integer.parseInt(words.get(4)); at++) {
        List<String> one =
            List.of("remote", words.get(1), words.get(2) + "-" + at, words.get(3) + "-" + at);
        List<String> state = List.of(words.get(5) + "-" + at, "once");
        transfers.add(threads.submit(() -> remote(startNanos, one, state)));
      }
      String last = "";
      for (Future<String> transfer : transfers) {
        last = transfer.get();
      }
      return last;
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

  private static TransferResult transfer(DiskSource source, DiskSink sink, ChangedAreas changes)
      throws IOException, InterruptedException {
    return new Transfer(source, sink, changes, TransferObserver.NONE).run();
  }

  private static String answer(long startNanos, TransferResult result, WireCounts.Snapshot wire) {
    return answer(
        startNanos,
        result.rung().name(),
        result.readBytes(),
        result.sentBytes(),
        wire.sentBytes() + wire.receivedBytes(),
        wire.tagBytes());
  }

  private static String answer(long startNanos, String rung, long readBytes, long... others) {
    long[] rest = Arrays.copyOf(others, 3);
    return String.format(
        Locale.ROOT,
        "%.4f %d %d %d %d %s",
        (System.nanoTime() - startNanos) / 1e9,
        readBytes,
        rest[0],
        rest[1],
        rest[2],
        rung);
  }
}
