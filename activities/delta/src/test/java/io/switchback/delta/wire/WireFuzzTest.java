package io.switchback.delta.wire;

import static io.switchback.delta.Geometry.LEAF_BYTES;
import static io.switchback.delta.TestBytes.assertSameBytes;
import static io.switchback.delta.TestBytes.random;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a peer sends: no end reads or writes outside the disk, allocates without bound, or
 * hangs. The timeout is far beyond what these tests take; it makes a hang a failure.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WireFuzzTest {
  private static final int SIZE = 20 * LEAF_BYTES + 4096;
  private static final String MOMENT = "uuid/7";

  private final byte[] content = random(5, SIZE);
  private final ArrayDisk disk = new ArrayDisk(content);

  {
    disk.changed(MOMENT, List.of(new ByteRange(0, LEAF_BYTES), new ByteRange(SIZE - 512, 512)));
  }

  @Test
  void aServerSurvivesWhateverItIsSent() throws Exception {
    byte[] session = session();
    for (int seed = 0; seed < 1500; seed++) {
      Random random = new Random(seed);
      byte[] sent = random.nextInt(4) == 0 ? noise(random) : damaged(session, random);
      serve(sent);
    }
    assertThat(disk.isReachedBeyond()).isFalse();
  }

  @Test
  void aServerSurvivesEveryQuestionWhoseChecksumIsRight() throws Exception {
    for (int seed = 0; seed < 1500; seed++) {
      Random random = new Random(seed);
      ByteArrayOutputStream sent = new ByteArrayOutputStream();
      FrameWriter writer = new FrameWriter(sent, new WireCounts());
      writer.write(FrameKind.HELLO, 0, hello());
      for (int frame = 0; frame < 4; frame++) {
        byte[] payload = new byte[random.nextInt(120)];
        random.nextBytes(payload);
        if (random.nextBoolean() && payload.length >= 16) {
          ByteBuffer.wrap(payload).putLong(random.nextInt(2 * SIZE)).putLong(random.nextInt(SIZE));
          payload = Arrays.copyOf(payload, 16);
        }
        List<FrameKind> kinds = List.of(FrameKind.values());
        FrameKind kind = kinds.get(random.nextInt(kinds.size()));
        if (kind == FrameKind.TAGS && random.nextBoolean()) {
          payload =
              ByteBuffer.allocate(1 + payload.length)
                  .put((byte) random.nextInt(4))
                  .put(payload)
                  .array();
        }
        if (kind == FrameKind.CHANGES && random.nextBoolean()) {
          byte[] moment = (random.nextBoolean() ? MOMENT : "uuid/8").getBytes(US_ASCII);
          payload =
              ByteBuffer.allocate(payload.length + moment.length).put(payload).put(moment).array();
        }
        if (kind == FrameKind.KEY && random.nextBoolean()) {
          payload = Requests.key(key());
        }
        writer.write(kind, frame + 1, payload);
      }
      serve(sent.toByteArray());
    }
    assertThat(disk.isReachedBeyond()).isFalse();
  }

  @Test
  void aDialerSurvivesAStreamThatIsDamagedOnItsWay() throws Exception {
    WireSettings hasty =
        new WireSettings(true, 8 << 20, Duration.ofMillis(150), Duration.ofSeconds(20));
    try (Loopback loopback = Loopback.of(disk)) {
      for (int seed = 0; seed < 120; seed++) {
        Random random = new Random(seed);
        byte[] guarded = new byte[SIZE + 200];
        ByteBuffer into = ByteBuffer.wrap(guarded, 100, SIZE);
        try (RemoteSource source =
            RemoteSource.open(
                new DamagingSocket(loopback.port(), random.nextInt(700), random.nextInt(SIZE / 8)),
                Loopback.DISK,
                new byte[0],
                SIZE,
                hasty)) {
          source.tags(key(), TagLevel.LEAF, List.of(new ByteRange(0, SIZE)));
          source.read(0, into);
          assertSameBytes(Arrays.copyOfRange(guarded, 100, SIZE + 100), content);
        } catch (IOException refused) {
          // That is what a damaged stream deserves.
        }
        assertThat(Arrays.copyOf(guarded, 100)).containsOnly(0);
        assertThat(Arrays.copyOfRange(guarded, SIZE + 100, SIZE + 200)).containsOnly(0);
      }
    }
    assertThat(disk.isReachedBeyond()).isFalse();
  }

  @Test
  void nothingIsAllocatedForAFrameThatIsTooLong() {
    ByteBuffer head =
        ByteBuffer.allocate(FrameReader.HEAD_BYTES)
            .put(FrameKind.READ.number())
            .put((byte) 0)
            .putInt(1)
            .putInt(Integer.MAX_VALUE);
    FrameReader reader = new FrameReader(new ByteArrayInputStream(head.array()), new WireCounts());
    assertThatExceptionOfType(ProtocolException.class)
        .isThrownBy(() -> reader.next((_, _) -> 100))
        .withMessageContaining("more than 100");
  }

  @Test
  void noDamagedLeafIsTakenForTheDisks() throws Exception {
    LeafCodec codec = new LeafCodec();
    byte[] bytes = new byte[3 * LEAF_BYTES + 100];
    System.arraycopy(random(1, LEAF_BYTES), 0, bytes, 0, LEAF_BYTES);
    Arrays.fill(bytes, LEAF_BYTES, 2 * LEAF_BYTES, (byte) 'b');
    byte[] wire = codec.encode(bytes, bytes.length, new CompressionGauge());
    for (int seed = 0; seed < 400; seed++) {
      byte[] sent = damaged(wire, new Random(seed));
      byte[] guarded = new byte[bytes.length + 8];
      try {
        codec.decode(ByteBuffer.wrap(sent), ByteBuffer.wrap(guarded, 0, bytes.length));
        assertSameBytes(Arrays.copyOf(guarded, bytes.length), bytes);
      } catch (ProtocolException refused) {
        // That is what it deserves.
      }
      assertThat(Arrays.copyOfRange(guarded, bytes.length, guarded.length)).containsOnly(0);
    }
  }

  private void serve(byte[] sent) throws IOException {
    try (Socket socket = new ScriptedSocket(sent)) {
      new ServedStream(
              new Handshake.Peer(socket),
              _ -> FenceCheck.UNFENCED,
              _ -> disk,
              Loopback.SETTINGS,
              new WireCounts())
          .run();
    } catch (IOException refused) {
      // Refused, or cut short: both are an end.
    }
  }

  private static TagKey key() {
    return TagKey.random(TagAlgorithm.POLY1305);
  }

  private static byte[] hello() {
    return new Hello(Hello.VERSION, Loopback.DISK, new byte[40], new ByteRange(0, SIZE)).encode();
  }

  /** What an honest peer sends. */
  private static byte[] session() throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    FrameWriter writer = new FrameWriter(sent, new WireCounts());
    writer.write(FrameKind.HELLO, 0, hello());
    ByteRange all = new ByteRange(0, SIZE);
    writer.write(FrameKind.READ, 1, Requests.range(new ByteRange(LEAF_BYTES, LEAF_BYTES)));
    writer.write(FrameKind.KEY, 0, Requests.key(key()));
    writer.write(FrameKind.TAGS, 2, Requests.tags(new Requests.Tags(TagLevel.SUPER, List.of(all))));
    writer.write(FrameKind.ALLOCATED, 3, Requests.range(all));
    writer.write(FrameKind.CHANGES, 5, Requests.changes(new Requests.Changes(MOMENT, all)));
    writer.write(FrameKind.READ, 4, Requests.range(new ByteRange(SIZE - 100, 100)));
    return sent.toByteArray();
  }

  private static byte[] noise(Random random) {
    byte[] noise = new byte[random.nextInt(400)];
    random.nextBytes(noise);
    return noise;
  }

  /** Some bytes changed, left out, doubled or cut off. */
  private static byte[] damaged(byte[] honest, Random random) {
    byte[] bytes = honest.clone();
    for (int change = random.nextInt(3); change >= 0; change--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
        case 2 -> {
          byte[] more = Arrays.copyOf(bytes, bytes.length + 16);
          System.arraycopy(bytes, at, more, Math.min(at + 16, bytes.length), bytes.length - at);
          bytes = more;
        }
        default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      }
    }
    return bytes;
  }

  /** A peer that has said all it will say. */
  private static class ScriptedSocket extends Socket {
    private final byte[] sent;

    ScriptedSocket(byte[] sent) {
      this.sent = sent;
    }

    @Override
    public InputStream getInputStream() {
      return new ByteArrayInputStream(sent);
    }

    @Override
    public OutputStream getOutputStream() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public synchronized void setSoTimeout(int timeout) {}

    @Override
    public void setTcpNoDelay(boolean on) {}
  }

  /** Turns one bit over in each direction, somewhere. */
  private static final class DamagingSocket extends Socket {
    private final int outAt;
    private final int inAt;

    DamagingSocket(int port, int outAt, int inAt) throws IOException {
      super(InetAddress.getLoopbackAddress(), port);
      this.outAt = outAt;
      this.inAt = inAt;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new java.io.FilterInputStream(super.getInputStream()) {
        private long passed;

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
          int count = super.read(into, from, length);
          if (passed <= inAt && inAt < passed + count) {
            into[from + (int) (inAt - passed)] ^= 8;
          }
          passed += Math.max(count, 0);
          return count;
        }
      };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return new java.io.FilterOutputStream(super.getOutputStream()) {
        private long passed;

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
          byte[] sent = Arrays.copyOfRange(bytes, from, from + length);
          if (passed <= outAt && outAt < passed + length) {
            sent[(int) (outAt - passed)] ^= 8;
          }
          passed += length;
          out.write(sent);
        }
      };
    }
  }
}
