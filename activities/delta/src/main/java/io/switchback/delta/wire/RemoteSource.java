package io.switchback.delta.wire;

import static io.switchback.delta.wire.Requests.MOST_READ_BYTES;

import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangesUnknownException;
import io.switchback.delta.DiskSource;
import io.switchback.delta.DiskTags;
import io.switchback.delta.ReadAhead;
import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.trust.PeerRefusedException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A disk that the other site's worker serves. It reads and tags there; what travels is asked for
 * ahead, as far as that makes the stream faster and its credit goes.
 *
 * <p>A stream that broke stays broken: every call fails, and the transfer is begun again.
 */
public final class RemoteSource implements DiskSource {
  /** A longer list is no cheaper than a comparison, and would not fit into memory for long. */
  private static final int MOST_LISTED = 1 << 20;

  private final DialledStream stream;
  private final Welcome welcome;
  private final AtomicLong taggedBytes = new AtomicLong();
  private final Map<ByteRange, Expected> expected = new ConcurrentHashMap<>();
  private final AtomicLong expectedBytes = new AtomicLong();
  private final ReadAhead ahead;
  private final ConcurrentLinkedDeque<LeafCodec> codecs = new ConcurrentLinkedDeque<>();

  private RemoteSource(DialledStream stream, Welcome welcome) {
    this.stream = stream;
    this.welcome = welcome;
    this.ahead = new ReadAhead(welcome.creditBytes());
  }

  private record Expected(DialledStream.Answer answer, long askedNanos) {}

  /**
   * Opens a disk at the other end of {@code socket}, which is connected, and belongs to the source
   * from here on, also when this fails.
   *
   * @param grant as the control side signed it
   * @param capacityBytes of the disk that it shall be copied to
   * @throws RefusedException if the peer refuses, with why
   * @throws PeerRefusedException if it does not believe this worker's certificate
   */
  public static RemoteSource open(
      Socket socket, GrantedDisk disk, byte[] grant, long capacityBytes, WireSettings settings)
      throws IOException {
    return open(new Handshake.Peer(socket), disk, grant, capacityBytes, settings);
  }

  /**
   * The same with a peer that has proven who it is: the stream is cut when the peer is not believed
   * any more, which is looked at once a minute.
   */
  public static RemoteSource open(
      Handshake.Peer peer,
      GrantedDisk disk,
      byte[] grant,
      long capacityBytes,
      WireSettings settings)
      throws IOException {
    return open(peer, disk, grant, capacityBytes, settings, SourceServer.RECHECK);
  }

  static RemoteSource open(
      Handshake.Peer peer,
      GrantedDisk disk,
      byte[] grant,
      long capacityBytes,
      WireSettings settings,
      Duration recheck)
      throws IOException {
    Socket socket = peer.socket();
    try {
      settings.requireProtected(socket);
      Hello hello = new Hello(Hello.VERSION, disk, grant, new ByteRange(0, capacityBytes));
      DialledStream stream = new DialledStream(socket, settings);
      Welcome welcome = stream.greet(hello);
      if (welcome.capacityBytes() != capacityBytes) {
        throw new ProtocolException("it welcomes with a disk of another size");
      }
      if (peer.site().isPresent()) {
        stream.keepChecking(peer.trust(), recheck);
      }
      return new RemoteSource(stream, welcome);
    } catch (IOException failed) {
      socket.close();
      // Whether the other worker believes this one's certificate shows in the first answer.
      throw PeerRefusedException.explain(failed, "the worker that serves " + disk);
    } catch (RuntimeException failed) {
      socket.close();
      throw failed;
    }
  }

  /** What the stream sent and received so far. */
  public WireCounts.Snapshot counts() {
    return stream.counts().snapshot();
  }

  @Override
  public Optional<String> identity() {
    return welcome.identity();
  }

  @Override
  public long capacityBytes() {
    return welcome.capacityBytes();
  }

  @Override
  public TagAlgorithm tagAlgorithm() {
    return welcome.algorithm().with(TagAlgorithm.fastest());
  }

  @Override
  public void expect(List<ByteRange> reads) {
    for (ByteRange read : reads) {
      if (read.lengthBytes() > MOST_READ_BYTES || expected.containsKey(read)) {
        continue;
      }
      if (expectedBytes.get() + read.lengthBytes() > ahead.bytes()) {
        return;
      }
      long nowNanos = System.nanoTime();
      DialledStream.@Nullable Answer answer = stream.askIfCreditLasts(read);
      if (answer == null) {
        return;
      }
      expectedBytes.addAndGet(read.lengthBytes());
      expected.put(read, new Expected(answer, nowNanos));
    }
  }

  @Override
  public void read(long offsetBytes, ByteBuffer into) throws IOException {
    if (offsetBytes < 0 || into.remaining() > capacityBytes() - offsetBytes) {
      throw new IllegalArgumentException(
          "Bytes %d to %d are not all inside a disk of %d bytes."
              .formatted(offsetBytes, offsetBytes + into.remaining(), capacityBytes()));
    }
    int end = into.limit();
    for (long at = offsetBytes; into.hasRemaining(); ) {
      int length = Math.min(into.remaining(), MOST_READ_BYTES);
      ByteRange part = new ByteRange(at, length);
      into.limit(into.position() + length);
      Expected early = expected.remove(part);
      long askedNanos = early == null ? System.nanoTime() : early.askedNanos();
      if (early != null) {
        expectedBytes.addAndGet(-length);
      }
      fill(early == null ? stream.ask(part) : early.answer(), into);
      ahead.arrived(askedNanos, System.nanoTime(), length);
      into.limit(end);
      at += length;
    }
  }

  private void fill(DialledStream.Answer answer, ByteBuffer into) throws IOException {
    int length = into.remaining();
    byte[] wire = stream.await(answer);
    LeafCodec kept = codecs.poll();
    LeafCodec codec = kept == null ? new LeafCodec() : kept;
    try {
      codec.decode(ByteBuffer.wrap(wire), into);
    } catch (ProtocolException malformed) {
      stream.breakOff(malformed);
      throw malformed;
    }
    codecs.push(codec);
    stream.counts().data(length, wire.length);
  }

  private void requireInside(ByteRange within) {
    if (within.endBytes() > capacityBytes()) {
      throw new IllegalArgumentException(
          "The range %s reaches beyond the end of a disk of %d bytes."
              .formatted(within, capacityBytes()));
    }
  }

  @Override
  public List<ByteRange> allocated(ByteRange within) throws IOException {
    requireInside(within);
    if (within.lengthBytes() <= MOST_READ_BYTES) {
      // To ask costs as much as to read: zeros do not travel.
      return List.of(within);
    }
    DialledStream.Answer answer =
        stream.ask(
            FrameKind.ALLOCATED,
            Requests.range(within),
            FrameKind.ALLOCATED_ANSWER,
            Requests.MOST_ALLOCATED_BYTES);
    byte[] payload = stream.await(answer);
    try {
      return Requests.allocatedOf(payload, within);
    } catch (ProtocolException wrong) {
      stream.breakOff(wrong);
      throw wrong;
    }
  }

  @Override
  public List<ByteRange> changedSince(String changeId, ByteRange within) throws IOException {
    requireInside(within);
    List<ByteRange> changed = new ArrayList<>();
    for (long at = within.offsetBytes(); at < within.endBytes(); ) {
      ByteRange rest = ByteRange.between(at, within.endBytes());
      Requests.Changed some = changed(new Requests.Changes(changeId, rest));
      changed.addAll(some.ranges());
      if (changed.size() > MOST_LISTED) {
        throw new ChangesUnknownException(
            "the change list has more than %d stretches".formatted(MOST_LISTED));
      }
      at = some.endBytes();
    }
    return changed;
  }

  private Requests.Changed changed(Requests.Changes asked) throws IOException {
    byte[] answer;
    try {
      answer =
          stream.await(
              stream.ask(
                  FrameKind.CHANGES,
                  Requests.changes(asked),
                  FrameKind.CHANGES_ANSWER,
                  Requests.MOST_CHANGES_BYTES));
    } catch (RefusedException refused) {
      if (refused.fault() == WireFault.CHANGES_UNKNOWN) {
        throw new ChangesUnknownException(String.valueOf(refused.getMessage()));
      }
      throw refused;
    }
    try {
      return Requests.changedOf(answer, asked.within());
    } catch (ProtocolException wrong) {
      stream.breakOff(wrong);
      throw wrong;
    }
  }

  @Override
  public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    return askTags(key, level, ranges).await();
  }

  @Override
  public AskedTags askTags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
    ranges.forEach(range -> DiskTags.checkOnUnits(range, level, capacityBytes()));
    List<DialledStream.Answer> answers = new ArrayList<>();
    for (Requests.Tags part : split(level, ranges)) {
      answers.add(stream.ask(key, part));
    }
    return () -> tags(answers);
  }

  private byte[] tags(List<DialledStream.Answer> answers) throws IOException {
    ByteBuffer tags =
        ByteBuffer.allocate(
            answers.stream().mapToInt(answer -> answer.mostBytes() - Long.BYTES).sum());
    for (DialledStream.Answer answer : answers) {
      ByteBuffer some = ByteBuffer.wrap(stream.await(answer));
      if (some.remaining() != answer.mostBytes()) {
        ProtocolException wrong = new ProtocolException("it sends too few tags");
        stream.breakOff(wrong);
        throw wrong;
      }
      taggedBytes.accumulateAndGet(some.getLong(), Math::max);
      tags.put(some);
    }
    return tags.array();
  }

  private static List<Requests.Tags> split(TagLevel level, List<ByteRange> ranges) {
    List<Requests.Tags> parts = new ArrayList<>();
    List<ByteRange> part = new ArrayList<>();
    long length = 0;
    for (ByteRange range : ranges) {
      for (long at = range.offsetBytes(); at < range.endBytes(); ) {
        long end = Math.min(at + Requests.MOST_TAGGED_BYTES / 4, range.endBytes());
        if (part.size() == Requests.MOST_RANGES
            || length + (end - at) > Requests.MOST_TAGGED_BYTES / 4 * 3) {
          parts.add(new Requests.Tags(level, List.copyOf(part)));
          part.clear();
          length = 0;
        }
        part.add(ByteRange.between(at, end));
        length += end - at;
        at = end;
      }
    }
    if (!part.isEmpty()) {
      parts.add(new Requests.Tags(level, List.copyOf(part)));
    }
    return parts;
  }

  @Override
  public long taggedBytes() {
    return taggedBytes.get();
  }

  @Override
  public long aheadBytes() {
    return ahead.bytes();
  }

  @Override
  public OptionalLong travelledBytes() {
    WireCounts.Snapshot counts = counts();
    return OptionalLong.of(counts.sentBytes() + counts.receivedBytes());
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
