package io.switchback.delta.wire;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangesUnknownException;
import io.switchback.delta.DiskShrankException;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.FencedException;
import io.switchback.delta.UnreadableDiskException;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.trust.GrantRefusedException;
import io.switchback.delta.trust.PeerRefusedException;
import io.switchback.delta.trust.TrustException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream at the side that has the disk. */
final class ServedStream {
  private static final Logger LOG = LoggerFactory.getLogger(ServedStream.class);

  private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());

  private final Socket socket;
  private final Optional<String> site;
  private final Handshake.Trust trust;
  private final Gate gate;
  private final ServedDisks disks;
  private final WireSettings settings;
  private final FrameReader reader;
  private final FrameWriter writer;
  private final WireCounts counts;
  private final CompressionGauge gauge = new CompressionGauge();
  private final ConcurrentLinkedDeque<LeafCodec> codecs = new ConcurrentLinkedDeque<>();
  private final AtomicLong underWay = new AtomicLong();
  private volatile @Nullable PeerRefusedException cut;

  /** Of the tags that are asked for from here on. Only the thread that reads questions knows it. */
  private @Nullable TagKey key;

  ServedStream(
      Handshake.Peer peer, Gate gate, ServedDisks disks, WireSettings settings, WireCounts counts)
      throws IOException {
    this.socket = peer.socket();
    this.site = peer.site();
    this.trust = peer.trust();
    this.gate = gate;
    this.disks = disks;
    this.settings = settings;
    this.counts = counts;
    this.reader = new FrameReader(new BufferedInputStream(socket.getInputStream()), counts);
    this.writer = new FrameWriter(socket.getOutputStream(), counts);
  }

  /** The bytes of an answer. */
  private interface Payload {
    byte[] bytes() throws IOException;
  }

  /** Serves until the peer hangs up. */
  void run() throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Handshake.LIMIT_MILLIS);
    Hello hello;
    FenceCheck fence;
    DiskSource disk;
    try {
      hello = hello();
      requireUncut();
      fence = gate.admit(new Gate.Opening(hello.disk(), hello.grant(), hello.range(), site));
      disk = disks.open(hello.disk());
    } catch (IOException refused) {
      refuse(0, refused);
      throw refused;
    }
    try (disk) {
      requireSameCapacity(hello, disk);
      LOG.info("stream opened peer={} disk={}", socket.getRemoteSocketAddress(), hello.disk());
      writer.write(FrameKind.WELCOME, 0, new Welcome(disk, settings).encode());
      socket.setSoTimeout(Math.toIntExact(settings.idleLimit().toMillis()));
      serve(disk, fence);
    }
  }

  /**
   * Looks whether the peer is believed still. One that is not gets no more answers; it is told why,
   * as far as it listens.
   *
   * @return whether it is
   */
  boolean isStillBelieved() {
    try {
      trust.check();
      return true;
    } catch (TrustException untold) {
      // Files that are being replaced just now say nothing about the peer.
      LOG.warn("whether a peer is to be believed still cannot be told", untold);
      return true;
    } catch (PeerRefusedException refused) {
      cut = refused;
      LOG.warn("stream cut peer={} why={}", socket.getRemoteSocketAddress(), refused.getMessage());
      // On a thread of its own: a peer that does not read would hold up the next one's check.
      Thread.ofVirtual().name("cut-stream").start(() -> refuse(0, refused));
      return false;
    }
  }

  private void requireUncut() throws PeerRefusedException {
    PeerRefusedException why = cut;
    if (why != null) {
      throw why;
    }
  }

  private Hello hello() throws IOException {
    Frame first =
        reader
            .next((kind, _) -> kind == FrameKind.HELLO ? Hello.MOST_BYTES : -1)
            .orElseThrow(() -> new ProtocolException("the peer hung up without a word"));
    return Hello.decode(first.payload());
  }

  private void requireSameCapacity(Hello hello, DiskSource disk) throws IOException {
    if (hello.range().offsetBytes() == 0 && hello.range().endBytes() == disk.capacityBytes()) {
      return;
    }
    RefusedException differs =
        new RefusedException(
            WireFault.CAPACITY_DIFFERS,
            "Could not open %s: it has %d bytes, and bytes %s are asked for. Give the replica's disk the same size, then retry."
                .formatted(hello.disk(), disk.capacityBytes(), hello.range()));
    refuse(0, differs);
    throw differs;
  }

  private void serve(DiskSource disk, FenceCheck fence) throws IOException {
    // Threads of its own: a peer that takes no answers holds up nobody else.
    ExecutorService workers =
        Executors.newFixedThreadPool(
            WORKERS, Thread.ofPlatform().daemon().name("serve-disk-", 0).factory());
    try {
      while (true) {
        Optional<Frame> next =
            reader.next((kind, _) -> kind == FrameKind.HELLO ? -1 : Requests.MOST_REQUEST_BYTES);
        if (next.isEmpty()) {
          return;
        }
        start(next.get(), disk, fence, workers);
      }
    } catch (ProtocolException malformed) {
      refuse(0, malformed);
      throw malformed;
    } finally {
      // A worker that writes to a peer that does not read ends only so.
      hangUp();
      workers.close();
    }
  }

  private void start(Frame frame, DiskSource disk, FenceCheck fence, ExecutorService workers)
      throws IOException {
    switch (frame.kind()) {
      case READ -> {
        ByteRange range = inside(Requests.oneRange(frame.payload()), disk);
        if (range.lengthBytes() > Requests.MOST_READ_BYTES) {
          throw new ProtocolException("a question for data asks for too much");
        }
        int length = (int) range.lengthBytes();
        workers.execute(
            work(
                frame,
                length,
                fence,
                FrameKind.DATA,
                () -> read(disk, range.offsetBytes(), length)));
      }
      case TAGS -> {
        Requests.Tags asked = Requests.tagsOf(frame.payload());
        TagKey with = key;
        if (with == null) {
          throw new ProtocolException("tags are asked for before their key is told");
        }
        for (ByteRange range : asked.ranges()) {
          checkOnUnits(inside(range, disk), asked.level(), disk);
        }
        workers.execute(
            work(
                frame,
                asked.answerBytes(),
                fence,
                FrameKind.TAGS_ANSWER,
                () -> tags(disk, with, asked)));
      }
      case KEY -> key = Requests.keyOf(frame.payload());
      case ALLOCATED -> {
        ByteRange range = inside(Requests.oneRange(frame.payload()), disk);
        workers.execute(
            work(
                frame,
                Requests.MOST_ALLOCATED_BYTES,
                fence,
                FrameKind.ALLOCATED_ANSWER,
                () -> allocated(disk, range)));
      }
      case CHANGES -> {
        Requests.Changes asked = Requests.changesOf(frame.payload());
        ByteRange within = inside(asked.within(), disk);
        workers.execute(
            work(
                frame,
                Requests.MOST_CHANGES_BYTES,
                fence,
                FrameKind.CHANGES_ANSWER,
                () -> Requests.changed(disk.changedSince(asked.changeId(), within), within)));
      }
      default ->
          throw new ProtocolException("a %s comes from the wrong side".formatted(frame.kind()));
    }
  }

  private static void checkOnUnits(ByteRange range, TagLevel level, DiskSource disk)
      throws ProtocolException {
    try {
      DiskTags.checkOnUnits(range, level, disk.capacityBytes());
    } catch (IllegalArgumentException wrong) {
      throw new ProtocolException("tags of what is not units are asked for");
    }
  }

  private static ByteRange inside(ByteRange range, DiskSource disk) throws ProtocolException {
    if (range.endBytes() > disk.capacityBytes()) {
      throw new ProtocolException(
          "bytes %s of a disk of %d are asked for".formatted(range, disk.capacityBytes()));
    }
    return range;
  }

  /**
   * What a worker does for one question. Its cost is given back before the answer goes out: the
   * peer may ask again as soon as it has it.
   */
  private Runnable work(Frame question, int cost, FenceCheck fence, FrameKind kind, Payload payload)
      throws ProtocolException {
    if (underWay.addAndGet(cost) > settings.creditBytes()) {
      throw new ProtocolException("more is asked for at once than was agreed");
    }
    return () -> {
      byte[] bytes;
      try {
        requireUncut();
        fence.check();
        bytes = payload.bytes();
      } catch (IOException | RuntimeException failed) {
        underWay.addAndGet(-cost);
        refuse(question.id(), failed);
        return;
      }
      underWay.addAndGet(-cost);
      try {
        writer.write(kind, question.id(), bytes);
      } catch (IOException gone) {
        LOG.debug("an answer could not be sent", gone);
        hangUp();
      }
    };
  }

  private void hangUp() {
    try {
      socket.close();
    } catch (IOException ignored) {
      // It is closed as far as this end is concerned.
    }
  }

  private byte[] read(DiskSource disk, long offsetBytes, int length) throws IOException {
    byte[] bytes = new byte[length];
    disk.read(offsetBytes, ByteBuffer.wrap(bytes));
    LeafCodec kept = codecs.poll();
    LeafCodec codec = kept == null ? new LeafCodec() : kept;
    byte[] wire = codec.encode(bytes, length, gauge);
    codecs.push(codec);
    counts.data(length, wire.length);
    return wire;
  }

  private static byte[] tags(DiskSource disk, TagKey key, Requests.Tags asked) throws IOException {
    byte[] tags = disk.tags(key, asked.level(), asked.ranges());
    return ByteBuffer.allocate(Long.BYTES + tags.length)
        .putLong(disk.taggedBytes())
        .put(tags)
        .array();
  }

  private static byte[] allocated(DiskSource disk, ByteRange range) throws IOException {
    List<ByteRange> found = disk.allocated(range);
    for (long gap = 1024 * 1024; found.size() > Requests.MOST_ALLOCATED; gap *= 2) {
      found = joined(found, gap);
    }
    return Requests.ranges(found);
  }

  /** The same with holes of less than {@code gapBytes} taken for data. */
  private static List<ByteRange> joined(List<ByteRange> ranges, long gapBytes) {
    List<ByteRange> joined = new ArrayList<>();
    for (ByteRange range : ranges) {
      boolean isNear =
          !joined.isEmpty() && range.offsetBytes() - joined.getLast().endBytes() < gapBytes;
      joined.add(
          isNear ? ByteRange.between(joined.removeLast().offsetBytes(), range.endBytes()) : range);
    }
    return joined;
  }

  private void refuse(int id, Exception refused) {
    try {
      writer.write(
          FrameKind.REFUSAL,
          id,
          Requests.refusal(fault(refused), String.valueOf(refused.getMessage())));
    } catch (IOException gone) {
      LOG.debug("the peer did not hear why it was refused", gone);
    }
  }

  private static WireFault fault(Exception refused) {
    return switch (refused) {
      case RefusedException named -> named.fault();
      case GrantRefusedException grant ->
          grant.reason() == GrantRefusedException.Reason.FENCED
              ? WireFault.FENCED
              : WireFault.GRANT_REFUSED;
      case FencedException _ -> WireFault.FENCED;
      case ChangesUnknownException _ -> WireFault.CHANGES_UNKNOWN;
      case PeerRefusedException _ -> WireFault.PEER_REFUSED;
      case UnreadableDiskException _ -> WireFault.DISK_UNREADABLE;
      case DiskShrankException _ -> WireFault.CAPACITY_DIFFERS;
      case ProtocolException _, IllegalArgumentException _ -> WireFault.BAD_REQUEST;
      default -> WireFault.READ_FAILED;
    };
  }
}
