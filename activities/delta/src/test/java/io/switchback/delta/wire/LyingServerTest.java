package io.switchback.delta.wire;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.switchback.delta.Batch;
import io.switchback.delta.ByteRange;
import io.switchback.delta.ChangedAreas;
import io.switchback.delta.DiskSink;
import io.switchback.delta.DiskTags;
import io.switchback.delta.Transfer;
import io.switchback.delta.TransferObserver;
import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.delta.tag.Tagger;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A worker that serves, and whose frames are whole and their checksums right, but whose words are
 * senseless: each is refused in bounded time, and nothing of it reaches a sink. The timeout is far
 * beyond what these tests take; it makes a hang a failure.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LyingServerTest {
  private static final int SIZE = 40 * LEAF_BYTES + 4096;
  private static final ByteRange ALL = new ByteRange(0, SIZE);
  private static final int CREDIT = 8 << 20;
  private static final WireSettings HASTY =
      new WireSettings(true, CREDIT, Duration.ofMillis(400), Duration.ofSeconds(20));

  private ServerSocket listening;
  private final UntouchedSink sink = new UntouchedSink();

  @BeforeEach
  void listen() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    listening.close();
  }

  /** What it says to one frame of the side that dials; the hello is the first. */
  private interface Script {
    void answer(Frame frame, FrameWriter writer) throws IOException;
  }

  private void serve(Script script) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket socket = listening.accept()) {
                FrameReader reader =
                    new FrameReader(
                        new BufferedInputStream(socket.getInputStream()), new WireCounts());
                FrameWriter writer = new FrameWriter(socket.getOutputStream(), new WireCounts());
                while (true) {
                  Optional<Frame> next = reader.next((_, _) -> 1 << 20);
                  if (next.isEmpty()) {
                    return;
                  }
                  script.answer(next.get(), writer);
                }
              } catch (IOException gone) {
                // The other end had enough.
              }
            });
  }

  private RemoteSource open() throws IOException {
    return RemoteSource.open(
        new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort()),
        Loopback.DISK,
        new byte[0],
        SIZE,
        HASTY);
  }

  private static byte[] welcome(
      int version, long capacityBytes, int creditBytes, int algorithm, String identity) {
    byte[] text = identity.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(17 + text.length)
        .putShort((short) version)
        .putLong(capacityBytes)
        .putInt(creditBytes)
        .put((byte) algorithm)
        .putShort((short) text.length)
        .put(text)
        .array();
  }

  private static byte[] welcome() {
    return welcome(Hello.VERSION, SIZE, CREDIT, 1, "");
  }

  enum Welcomed {
    OTHER_VERSION(welcome(Hello.VERSION + 1, SIZE, CREDIT, 1, "")),
    NO_CREDIT(welcome(Hello.VERSION, SIZE, 0, 1, "")),
    NEGATIVE_CREDIT(welcome(Hello.VERSION, SIZE, -1, 1, "")),
    BOUNDLESS_CREDIT(welcome(Hello.VERSION, SIZE, Integer.MAX_VALUE, 1, "")),
    SMALLER_DISK(welcome(Hello.VERSION, SIZE - 512, CREDIT, 1, "")),
    LARGER_DISK(welcome(Hello.VERSION, Long.MAX_VALUE, CREDIT, 1, "")),
    NEGATIVE_DISK(welcome(Hello.VERSION, -SIZE, CREDIT, 1, "")),
    UNKNOWN_TAGS(welcome(Hello.VERSION, SIZE, CREDIT, 9, "")),
    SENSELESS_IDENTITY(welcome(Hello.VERSION, SIZE, CREDIT, 1, "one\nother")),
    LONG_IDENTITY(welcome(Hello.VERSION, SIZE, CREDIT, 1, "x".repeat(1025))),
    CUT_IDENTITY(Arrays.copyOf(welcome(Hello.VERSION, SIZE, CREDIT, 1, "identity"), 20)),
    TRAILING_BYTES(Arrays.copyOf(welcome(), 40)),
    TOO_SHORT(Arrays.copyOf(welcome(), 9)),
    EMPTY(new byte[0]);

    @SuppressWarnings("ImmutableEnumChecker") // Nobody writes to it.
    private final byte[] payload;

    Welcomed(byte[] payload) {
      this.payload = payload;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSenselessWelcomeOpensNothing(Welcomed lie) {
    serve((_, writer) -> writer.write(FrameKind.WELCOME, 0, lie.payload));

    assertThatIOException().isThrownBy(this::open).isInstanceOf(ProtocolException.class);
  }

  @Test
  void noMoreIsAskedForAtOnceThanThisEndWants() throws Exception {
    int generous = 512 << 20;
    AtomicInteger asked = new AtomicInteger();
    serve(
        (frame, writer) -> {
          if (frame.kind() == FrameKind.HELLO) {
            writer.write(FrameKind.WELCOME, 0, welcome(Hello.VERSION, 1L << 40, generous, 1, ""));
          } else {
            asked.incrementAndGet();
          }
        });
    try (RemoteSource source =
        RemoteSource.open(
            new Socket(InetAddress.getLoopbackAddress(), listening.getLocalPort()),
            Loopback.DISK,
            new byte[0],
            1L << 40,
            HASTY)) {
      List<ByteRange> reads = new ArrayList<>();
      for (int at = 0; at < 64; at++) {
        reads.add(new ByteRange((long) at << 20, 1 << 20));
      }
      source.expect(reads);

      assertThat(source.aheadBytes()).isLessThanOrEqualTo(CREDIT);
      assertThatIOException().isThrownBy(() -> source.read(0, ByteBuffer.allocate(512)));
      assertThat(asked.get()).isLessThanOrEqualTo((CREDIT >> 20) + 1);
    }
  }

  /** Senseless answers to one kind of question. */
  enum Lie {
    TAGS_TOO_SHORT(
        FrameKind.TAGS, FrameKind.TAGS_ANSWER, new byte[Long.BYTES + Tagger.TAG_BYTES - 1]),
    TAGS_TOO_LONG(FrameKind.TAGS, FrameKind.TAGS_ANSWER, new byte[Long.BYTES + 100_000]),
    NO_TAGS(FrameKind.TAGS, FrameKind.TAGS_ANSWER, new byte[0]),
    DATA_FOR_TAGS(FrameKind.TAGS, FrameKind.DATA, new byte[100]),
    WELCOME_FOR_TAGS(FrameKind.TAGS, FrameKind.WELCOME, welcome()),
    EMPTY_REFUSAL(FrameKind.TAGS, FrameKind.REFUSAL, new byte[0]),
    CUT_REFUSAL(FrameKind.TAGS, FrameKind.REFUSAL, new byte[] {(byte) 200, 'B', 'A'}),
    DATA_DESCENDING(
        FrameKind.ALLOCATED,
        FrameKind.ALLOCATED_ANSWER,
        ranges(new ByteRange(LEAF_BYTES, 512), new ByteRange(0, 512))),
    DATA_OVERLAPPING(
        FrameKind.ALLOCATED,
        FrameKind.ALLOCATED_ANSWER,
        ranges(new ByteRange(0, LEAF_BYTES), new ByteRange(512, LEAF_BYTES))),
    DATA_BEYOND_THE_END(
        FrameKind.ALLOCATED,
        FrameKind.ALLOCATED_ANSWER,
        ranges(new ByteRange(0, 512), new ByteRange(SIZE, 512))),
    DATA_ACROSS_THE_END(
        FrameKind.ALLOCATED, FrameKind.ALLOCATED_ANSWER, ranges(new ByteRange(0, SIZE + 1L))),
    DATA_FAR_BEYOND(
        FrameKind.ALLOCATED, FrameKind.ALLOCATED_ANSWER, numbers(Long.MAX_VALUE - 1, 100)),
    DATA_NEGATIVE(FrameKind.ALLOCATED, FrameKind.ALLOCATED_ANSWER, numbers(-512, 1024)),
    DATA_EMPTY(FrameKind.ALLOCATED, FrameKind.ALLOCATED_ANSWER, numbers(0, 0)),
    HALF_A_RANGE(FrameKind.ALLOCATED, FrameKind.ALLOCATED_ANSWER, numbers(0, 512, 4096)),
    TOO_MANY_RANGES(
        FrameKind.ALLOCATED,
        FrameKind.ALLOCATED_ANSWER,
        new byte[Requests.MOST_ALLOCATED_BYTES + 16]),
    NO_CHANGES(FrameKind.CHANGES, FrameKind.CHANGES_ANSWER, new byte[0]),
    CHANGES_DESCENDING(
        FrameKind.CHANGES, FrameKind.CHANGES_ANSWER, numbers(SIZE, LEAF_BYTES, 512, 0, 512)),
    CHANGES_OVERLAPPING(
        FrameKind.CHANGES, FrameKind.CHANGES_ANSWER, numbers(SIZE, 0, 1024, 512, 1024)),
    CHANGES_BEYOND_THE_END(
        FrameKind.CHANGES, FrameKind.CHANGES_ANSWER, numbers(SIZE + 512, SIZE, 512)),
    CHANGES_BEYOND_WHAT_THEY_REACH(
        FrameKind.CHANGES, FrameKind.CHANGES_ANSWER, numbers(SIZE, SIZE - 512, 1024)),
    CHANGES_THAT_NEVER_END(FrameKind.CHANGES, FrameKind.CHANGES_ANSWER, numbers(0)),
    CHANGES_THAT_GO_BACK(FrameKind.CHANGES, FrameKind.CHANGES_ANSWER, numbers(-1)),
    CHANGES_CUT(FrameKind.CHANGES, FrameKind.CHANGES_ANSWER, numbers(SIZE, 0)),
    NO_DATA(FrameKind.READ, FrameKind.DATA, new byte[0]),
    DATA_OF_NO_SENSE(FrameKind.READ, FrameKind.DATA, random(3, 5000)),
    DATA_TOO_LONG(FrameKind.READ, FrameKind.DATA, new byte[2 << 20]);

    private final FrameKind question;
    private final FrameKind kind;

    @SuppressWarnings("ImmutableEnumChecker") // Nobody writes to it.
    private final byte[] payload;

    Lie(FrameKind question, FrameKind kind, byte[] payload) {
      this.question = question;
      this.kind = kind;
      this.payload = payload;
    }
  }

  private static byte[] ranges(ByteRange... ranges) {
    return Requests.ranges(List.of(ranges));
  }

  private static byte[] numbers(long... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Long.BYTES);
    Arrays.stream(numbers).forEach(bytes::putLong);
    return bytes.array();
  }

  @ParameterizedTest
  @EnumSource
  void aSenselessAnswerReachesNoSink(Lie lie) throws Exception {
    serve(
        (frame, writer) -> {
          if (frame.kind() == lie.question) {
            writer.write(lie.kind, frame.id(), lie.payload);
          } else {
            answerHonestly(frame, writer);
          }
        });
    assertRefused(lie.question);
  }

  @ParameterizedTest
  @EnumSource(names = {"READ", "TAGS", "ALLOCATED", "CHANGES"})
  void anAnswerThatNobodyAskedForEndsTheStream(FrameKind question) throws Exception {
    for (int wrongId : new int[] {-1, 1, 1000}) {
      serve(
          (frame, writer) -> {
            if (frame.kind() == question) {
              writer.write(answerTo(question), frame.id() + wrongId, new byte[100]);
            } else {
              answerHonestly(frame, writer);
            }
          });
      assertRefused(question);
    }
  }

  @Test
  void anAnswerThatComesTwiceEndsTheStream() throws Exception {
    serve(
        (frame, writer) -> {
          answerHonestly(frame, writer);
          if (frame.kind() == FrameKind.TAGS) {
            answerHonestly(frame, writer);
          }
        });
    try (RemoteSource source = open()) {
      assertThatIOException()
          .isThrownBy(
              () -> {
                source.tags(key(), TagLevel.LEAF, List.of(ALL));
                source.tags(key(), TagLevel.LEAF, List.of(ALL));
                source.tags(key(), TagLevel.LEAF, List.of(ALL));
              })
          .withMessageContaining("TAGS_ANSWER comes that nobody asked for");
    }
  }

  @Test
  void whateverAnswersHoldIsTheDisksOrRefused() throws Exception {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      serve(
          (frame, writer) -> {
            if (frame.kind() == FrameKind.HELLO) {
              writer.write(FrameKind.WELCOME, 0, welcome());
            } else if (frame.kind() != FrameKind.KEY) {
              int times = random.nextInt(10) == 0 ? 2 : 1;
              for (; times > 0; times--) {
                writer.write(answerTo(frame.kind()), frame.id(), senseless(frame, random));
              }
            }
          });
      byte[] guarded = new byte[SIZE + 200];
      try (RemoteSource source = open()) {
        for (ByteRange range : source.allocated(ALL)) {
          assertThat(range.endBytes()).isLessThanOrEqualTo(SIZE);
        }
        for (ByteRange range : source.changedSince("moment", ALL)) {
          assertThat(range.endBytes()).isLessThanOrEqualTo(SIZE);
        }
        assertThat(source.tags(key(), TagLevel.LEAF, List.of(ALL)))
            .hasSize(TagLevel.LEAF.tags(SIZE) * Tagger.TAG_BYTES);
        source.read(0, ByteBuffer.wrap(guarded, 100, SIZE));
      } catch (IOException refused) {
        // That is what it deserves.
      }
      assertThat(Arrays.copyOf(guarded, 100)).containsOnly(0);
      assertThat(Arrays.copyOfRange(guarded, SIZE + 100, SIZE + 200)).containsOnly(0);
    }
  }

  private static byte[] senseless(Frame question, Random random) {
    int longest =
        switch (question.kind()) {
          case TAGS -> Long.BYTES + TagLevel.LEAF.tags(SIZE) * Tagger.TAG_BYTES;
          case READ -> 2000;
          default -> 6 * Long.BYTES;
        };
    byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(longest + 2) : longest];
    random.nextBytes(bytes);
    if (question.kind() != FrameKind.TAGS && random.nextBoolean()) {
      ByteBuffer numbers = ByteBuffer.wrap(bytes);
      while (numbers.remaining() >= Long.BYTES) {
        numbers.putLong(random.nextInt(4) == 0 ? SIZE : random.nextInt(SIZE));
      }
    }
    return bytes;
  }

  private static FrameKind answerTo(FrameKind question) {
    return switch (question) {
      case READ -> FrameKind.DATA;
      case TAGS -> FrameKind.TAGS_ANSWER;
      case ALLOCATED -> FrameKind.ALLOCATED_ANSWER;
      case CHANGES -> FrameKind.CHANGES_ANSWER;
      default -> FrameKind.WELCOME;
    };
  }

  private static TagKey key() {
    return TagKey.random(TagAlgorithm.POLY1305);
  }

  /** As one whose disk is full of something, and differs from the sink's everywhere. */
  private static void answerHonestly(Frame frame, FrameWriter writer) throws IOException {
    switch (frame.kind()) {
      case HELLO -> writer.write(FrameKind.WELCOME, 0, welcome());
      case TAGS -> {
        byte[] answer = new byte[Requests.tagsOf(frame.payload()).answerBytes()];
        Arrays.fill(answer, Long.BYTES, answer.length, (byte) 7);
        writer.write(FrameKind.TAGS_ANSWER, frame.id(), answer);
      }
      case ALLOCATED -> writer.write(FrameKind.ALLOCATED_ANSWER, frame.id(), frame.payload());
      case READ -> {
        byte[] held = new byte[(int) Requests.oneRange(frame.payload()).lengthBytes()];
        Arrays.fill(held, (byte) 7);
        writer.write(
            FrameKind.DATA,
            frame.id(),
            new LeafCodec().encode(held, held.length, new CompressionGauge()));
      }
      default -> {}
    }
  }

  /** Whoever asks such a question gets an error, and the sink gets nothing. */
  private void assertRefused(FrameKind question) throws Exception {
    try (RemoteSource source = open()) {
      if (question == FrameKind.CHANGES) {
        assertThatIOException().isThrownBy(() -> source.changedSince("moment", ALL));
      } else {
        ChangedAreas changes =
            question == FrameKind.TAGS
                ? new ChangedAreas.Compared("nobody knows")
                : new ChangedAreas.Unknown("it is the first");
        assertThatIOException()
            .isThrownBy(() -> new Transfer(source, sink, changes, TransferObserver.NONE).run());
      }
    }
    assertThat(sink.batches).hasValue(0);
  }

  /** Counts whoever writes to it. */
  private static final class UntouchedSink implements DiskSink {
    private final AtomicInteger batches = new AtomicInteger();
    private final ArrayDisk disk = new ArrayDisk(new byte[SIZE]);

    @Override
    public long capacityBytes() {
      return SIZE;
    }

    @Override
    public void write(Batch batch) {
      batches.incrementAndGet();
    }

    @Override
    public void flush() {}

    @Override
    public byte[] tags(TagKey key, TagLevel level, List<ByteRange> ranges) throws IOException {
      return DiskTags.of(disk, key, level, ranges);
    }

    @Override
    public void close() {}
  }
}
