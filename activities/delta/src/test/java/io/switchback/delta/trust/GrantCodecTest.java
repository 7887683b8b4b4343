package io.switchback.delta.trust;

import static io.switchback.delta.trust.TestGrants.DISK;
import static io.switchback.delta.trust.TestGrants.KEYS;
import static io.switchback.delta.trust.TestGrants.NOON;
import static io.switchback.delta.trust.TestGrants.reading;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.trust.Grant.Direction;
import io.switchback.delta.trust.GrantRefusedException.Reason;
import java.nio.ByteBuffer;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GrantCodecTest {
  private static final List<String> LETTERS = List.of("a", "Z", "7", "-", "/", "ß", "漢", "😀");
  private static final TransferFence FENCE = new TransferFence(1, 17, 4, 1);

  @Test
  void readsWhatItWrote() throws GrantCodec.NoGrant {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      Grant grant = any(random);
      assertThat(GrantCodec.decode(GrantCodec.encode(grant))).isEqualTo(grant);
    }
  }

  @Test
  void writesTheLongestNamesWithinItsBounds() throws GrantCodec.NoGrant {
    String longest = "ü".repeat(Words.MOST_BYTES / 2);
    Grant grant =
        new Grant(
            longest,
            longest,
            new GrantedDisk(longest, longest, longest, longest),
            Direction.READ,
            new ByteRange(0, Long.MAX_VALUE),
            FENCE,
            NOON,
            NOON.plusSeconds(1));

    assertThat(TestGrants.signed(grant)).hasSizeLessThan(GrantCodec.MOST_BYTES);
    assertThat(GrantCodec.decode(GrantCodec.encode(grant))).isEqualTo(grant);
  }

  @Test
  void keepsTheFormatThatOtherBuildsRead() {
    assertThat(HexFormat.of().formatHex(GrantCodec.encode(reading())))
        .isEqualTo(
            "01"
                + "01"
                + "0000000000001000"
                + "0000000000100000"
                + "0000000000000001"
                + "0000000000000011"
                + "0000000000000004"
                + "00000001"
                + "000001a1fdfa4600"
                + "000001a1fe313480"
                + "0004"
                + hex("op-1")
                + "0007"
                + hex("potsdam")
                + "0006"
                + hex("berlin")
                + "0005"
                + hex("db-01")
                + "000c"
                + hex("db-01-disk-0")
                + "000f"
                + hex("switchback-7-23"));
  }

  @Test
  void whateverDecodesIsWrittenTheSameWayAgain() {
    Random random = new Random(11);
    int decoded = 0;
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = GrantCodec.encode(any(random));
      for (int change = random.nextInt(3); change >= 0; change--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(GrantCodec.encode(GrantCodec.decode(bytes))).isEqualTo(bytes);
        decoded++;
      } catch (GrantCodec.NoGrant refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
    assertThat(decoded).as("changes that still are a grant").isGreaterThan(250);
  }

  @Test
  void refusesAnyBytesWithASentence() {
    Random random = new Random(13);
    for (int round = 0; round < 5_000; round++) {
      byte[] bytes = new byte[random.nextInt(400)];
      random.nextBytes(bytes);
      if (bytes.length > 1 && random.nextBoolean()) {
        bytes[0] = GrantCodec.VERSION;
        bytes[1] = 1;
      }
      assertThatThrownBy(() -> GrantCodec.decode(bytes)).isInstanceOf(GrantCodec.NoGrant.class);
    }
  }

  @Test
  void refusesAGrantCutOffAnywhereOrWithBytesAfterItsEnd() {
    byte[] whole = GrantCodec.encode(reading());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> GrantCodec.decode(cut)).isInstanceOf(GrantCodec.NoGrant.class);
    }
    assertThatThrownBy(() -> GrantCodec.decode(Arrays.copyOf(whole, whole.length + 1)))
        .hasMessageContaining("1 bytes follow its end");
  }

  @Test
  void refusesSignedBytesThatAreNoGrantAndMoreThanAnyGrantHas() throws Exception {
    GrantVerifier verifier =
        new GrantVerifier(List.of(KEYS.getPublic()), SeenFences.inMemory(), () -> NOON);
    byte[] noGrant = {GrantCodec.VERSION, 1, 2, 3};
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(KEYS.getPrivate());
    signature.update(GrantCodec.signed(noGrant));
    byte[] signed = ByteBuffer.allocate(4 + 64).put(noGrant).put(signature.sign()).array();

    for (byte[] bytes : List.of(signed, new byte[0], new byte[64], new byte[1 << 20])) {
      assertThat(
              catchThrowableOfType(
                      GrantRefusedException.class, () -> verifier.verify(bytes, TestGrants.use()))
                  .reason())
          .isEqualTo(Reason.MALFORMED);
    }
  }

  @Test
  void aSignatureOverAGrantIsNoneOverItsBareBytes() throws Exception {
    byte[] bare = GrantCodec.encode(reading());
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(KEYS.getPrivate());
    signature.update(bare);
    byte[] signed = ByteBuffer.allocate(bare.length + 64).put(bare).put(signature.sign()).array();

    GrantVerifier verifier =
        new GrantVerifier(List.of(KEYS.getPublic()), SeenFences.inMemory(), () -> NOON);
    assertThat(
            catchThrowableOfType(
                    GrantRefusedException.class, () -> verifier.verify(signed, TestGrants.use()))
                .reason())
        .isEqualTo(Reason.NOT_SIGNED);
  }

  @Test
  void noGrantIsEndlessEmptyNamelessOrForWritingToASnapshot() {
    assertThatThrownBy(() -> lasting(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> lasting(Duration.ofHours(24).plusMillis(1)))
        .hasMessageContaining("at most 24 hours");
    assertThat(lasting(Duration.ofHours(24)).expiresAt()).isEqualTo(NOON.plusSeconds(86_400));
    assertThatThrownBy(() -> new GrantedDisk("berlin", " ", "disk", ""))
        .hasMessageContaining("needs its vm");
    assertThatThrownBy(() -> new GrantedDisk("ber\nlin", "vm", "disk", ""))
        .hasMessageContaining("one line");
    assertThatThrownBy(() -> new GrantedDisk("\ud800", "vm", "disk", ""))
        .hasMessageContaining("whole characters");
    assertThatThrownBy(() -> new GrantedDisk("s".repeat(513), "vm", "disk", ""))
        .hasMessageContaining("at most 512 bytes");
    assertThatThrownBy(
            () ->
                new Grant(
                    "op",
                    "potsdam",
                    DISK,
                    Direction.WRITE,
                    TestGrants.RANGE,
                    FENCE,
                    NOON,
                    NOON.plusSeconds(1)))
        .hasMessageContaining("Nobody may write to a snapshot");
  }

  private static Grant lasting(Duration duration) {
    return new Grant(
        "op", "potsdam", DISK, Direction.READ, TestGrants.RANGE, FENCE, NOON, NOON.plus(duration));
  }

  private static Grant any(Random random) {
    Direction direction = random.nextBoolean() ? Direction.READ : Direction.WRITE;
    long start = random.nextLong(1L << 50);
    return new Grant(
        name(random, 1),
        name(random, 1),
        new GrantedDisk(
            name(random, 1),
            name(random, 1),
            name(random, 1),
            direction == Direction.READ ? name(random, 0) : ""),
        direction,
        new ByteRange(start, 1 + random.nextLong(1L << 50)),
        new TransferFence(
            1 + random.nextLong(1L << 40),
            random.nextLong(1L << 60),
            random.nextLong(1L << 60),
            random.nextInt(1 << 30)),
        NOON.minusMillis(random.nextInt(40_000_000)),
        NOON.plusMillis(1 + random.nextInt(40_000_000)));
  }

  private static String name(Random random, int least) {
    StringBuilder name = new StringBuilder();
    for (int left = least + random.nextInt(12); left > 0; left--) {
      name.append(LETTERS.get(random.nextInt(LETTERS.size())));
    }
    return name.toString();
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(UTF_8));
  }
}
