package io.switchback.delta.trust;

import static io.switchback.delta.trust.TestGrants.DISK;
import static io.switchback.delta.trust.TestGrants.KEYS;
import static io.switchback.delta.trust.TestGrants.NOON;
import static io.switchback.delta.trust.TestGrants.RANGE;
import static io.switchback.delta.trust.TestGrants.at;
import static io.switchback.delta.trust.TestGrants.reading;
import static io.switchback.delta.trust.TestGrants.signed;
import static io.switchback.delta.trust.TestGrants.use;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.switchback.delta.ByteRange;
import io.switchback.delta.FenceCheck;
import io.switchback.delta.FencedException;
import io.switchback.delta.trust.Grant.Direction;
import io.switchback.delta.trust.GrantRefusedException.Reason;
import java.io.IOException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class GrantVerifierTest {
  private final SeenFences seen = SeenFences.inMemory();
  private Instant now = NOON;
  private final GrantVerifier verifier = knowing(KEYS.getPublic());

  @Test
  void opensWhatTheGrantNames() throws IOException {
    assertThat(verifier.verify(signed(reading()), use())).isEqualTo(reading());
    assertThat(verifier.verify(signed(reading()), use())).as("again").isEqualTo(reading());

    GrantUse part =
        new GrantUse("potsdam", DISK, Direction.READ, new ByteRange(RANGE.endBytes() - 1, 1));
    assertThat(verifier.verify(signed(reading()), part)).isEqualTo(reading());
  }

  @Test
  void refusesWhatNoKnownKeySigned() {
    byte[] foreign = new GrantSigner(GrantKeys.make().getPrivate()).sign(reading());

    assertThat(refusal(foreign, use())).isEqualTo(Reason.NOT_SIGNED);
  }

  @Test
  void refusesAGrantWithAnyByteChanged() {
    byte[] whole = signed(reading());
    for (int index = 0; index < whole.length; index++) {
      byte[] changed = whole.clone();
      changed[index] ^= (byte) (1 << index % 8);
      assertThat(refusal(changed, use()))
          .as("byte " + index)
          .isEqualTo(index == 0 ? Reason.OTHER_VERSION : Reason.NOT_SIGNED);
    }
  }

  @Test
  void acceptsTheKeyAndItsSuccessorAndNoLongerTheOneTakenAway() throws IOException {
    KeyPair successor = GrantKeys.make();
    byte[] old = signed(reading());
    byte[] young = new GrantSigner(successor.getPrivate()).sign(reading());
    GrantVerifier changing = knowing(KEYS.getPublic(), successor.getPublic());

    assertThat(changing.verify(old, use())).isEqualTo(changing.verify(young, use()));

    GrantVerifier changed = knowing(successor.getPublic());
    assertThat(changed.verify(young, use())).isEqualTo(reading());
    assertThat(catchThrowableOfType(GrantRefusedException.class, () -> changed.verify(old, use())))
        .hasMessageContaining(GrantKeys.fingerprint(successor.getPublic()))
        .returns(Reason.NOT_SIGNED, GrantRefusedException::reason);
  }

  @Test
  void allowsClocksToBeAMinuteApart() throws IOException {
    now = reading().expiresAt().plus(Duration.ofSeconds(60)).minusMillis(1);
    assertThat(verifier.verify(signed(reading()), use())).isEqualTo(reading());
    now = reading().expiresAt().plus(Duration.ofSeconds(60));
    assertThat(refusal(signed(reading()), use())).isEqualTo(Reason.EXPIRED);

    now = reading().notBefore().minus(Duration.ofSeconds(60));
    assertThat(verifier.verify(signed(reading()), use())).isEqualTo(reading());
    now = now.minusMillis(1);
    assertThat(refusal(signed(reading()), use())).isEqualTo(Reason.NOT_YET_VALID);
  }

  @Test
  void refusesAnotherHolderDiskSnapshotDirectionAndRange() {
    byte[] grant = signed(reading());

    assertThat(refusal(grant, new GrantUse("bremen", DISK, Direction.READ, RANGE)))
        .isEqualTo(Reason.OTHER_HOLDER);
    assertThat(
            List.of(
                new GrantedDisk("bremen", DISK.vm(), DISK.disk(), DISK.snapshot()),
                new GrantedDisk(DISK.site(), "db-02", DISK.disk(), DISK.snapshot()),
                new GrantedDisk(DISK.site(), DISK.vm(), "db-01-disk-1", DISK.snapshot()),
                new GrantedDisk(DISK.site(), DISK.vm(), DISK.disk(), "")))
        .allSatisfy(
            other ->
                assertThat(refusal(grant, new GrantUse("potsdam", other, Direction.READ, RANGE)))
                    .isEqualTo(Reason.OTHER_DISK));
    assertThat(refusal(grant, new GrantUse("potsdam", DISK, Direction.WRITE, RANGE)))
        .isEqualTo(Reason.OTHER_DIRECTION);
    assertThat(
            List.of(
                new ByteRange(4095, 2),
                new ByteRange(4096, RANGE.lengthBytes() + 1),
                new ByteRange(0, 1),
                new ByteRange(RANGE.endBytes(), 1)))
        .allSatisfy(
            other ->
                assertThat(refusal(grant, new GrantUse("potsdam", DISK, Direction.READ, other)))
                    .isEqualTo(Reason.OUTSIDE_RANGE));
  }

  @Test
  void asksForNoHolderWithinThisMachineAndForEverythingElse() throws IOException {
    byte[] grant = signed(reading());

    assertThat(verifier.verify(grant, GrantUse.withinThisMachine(DISK, Direction.READ, RANGE)))
        .isEqualTo(reading());
    assertThat(refusal(grant, GrantUse.withinThisMachine(DISK, Direction.WRITE, RANGE)))
        .isEqualTo(Reason.OTHER_DIRECTION);
  }

  @Test
  void refusesAnOlderFenceThanOneItHasSeen() throws IOException {
    verifier.verify(signed(at(new TransferFence(1, 17, 5, 2))), use());

    assertThat(
            List.of(
                new TransferFence(1, 17, 5, 1),
                new TransferFence(1, 17, 4, 9),
                new TransferFence(1, 16, 9, 9)))
        .allSatisfy(
            older -> assertThat(refusal(signed(at(older)), use())).isEqualTo(Reason.FENCED));
    Grant newer = at(new TransferFence(2, 1, 0, 0));
    assertThat(verifier.verify(signed(newer), use())).isEqualTo(newer);
  }

  @Test
  void remembersNoFenceOfAGrantThatItRefused() throws IOException {
    Grant newer = at(new TransferFence(9, 9, 9, 9));
    GrantUse wrong = new GrantUse("bremen", DISK, Direction.READ, RANGE);

    assertThat(refusal(signed(newer), wrong)).isEqualTo(Reason.OTHER_HOLDER);

    assertThat(verifier.verify(signed(reading()), use())).isEqualTo(reading());
  }

  @Test
  void fencesWritersOfADiskAgainstEachOtherWhoeverHoldsTheGrant() throws IOException {
    verifier.verify(signed(writing("potsdam", 5)), writingUse("potsdam"));

    assertThat(refusal(signed(writing("bremen", 4)), writingUse("bremen")))
        .isEqualTo(Reason.FENCED);
  }

  @Test
  void letsReadersOfTwoSitesHaveFencesOfTheirOwn() throws IOException {
    verifier.verify(signed(at(new TransferFence(1, 99, 1, 1))), use());
    Grant bremen =
        new Grant(
            "op-2",
            "bremen",
            DISK,
            Direction.READ,
            RANGE,
            new TransferFence(1, 3, 1, 1),
            NOON,
            NOON.plusSeconds(9));

    GrantUse byBremen = new GrantUse("bremen", DISK, Direction.READ, RANGE);
    assertThat(verifier.verify(signed(bremen), byBremen)).isEqualTo(bremen);
  }

  @Test
  void stopsAStreamAtTheNextBatchWhenANewerOneHasOpenedTheDisk() throws IOException {
    Grant late = verifier.verify(signed(reading()), use());
    FenceCheck everyBatch = verifier.stillNewest(late);
    assertThatCode(everyBatch::check).doesNotThrowAnyException();

    verifier.verify(signed(at(new TransferFence(1, 17, 4, 2))), use());

    assertThatThrownBy(everyBatch::check)
        .isInstanceOf(FencedException.class)
        .hasMessageContaining("'op-1' carries fence 1.17.4.1, and 1.17.4.2 was seen");
  }

  @Test
  void writesNothingWhenItCannotTellWhoIsNewest() {
    SeenFences away =
        new SeenFences() {
          @Override
          public TransferFence raise(String disk, TransferFence fence) throws IOException {
            throw new IOException("no disk");
          }

          @Override
          public Optional<TransferFence> highest(String disk) throws IOException {
            throw new IOException("no disk");
          }
        };
    GrantVerifier blind = new GrantVerifier(List.of(KEYS.getPublic()), away, () -> now);

    assertThatThrownBy(() -> blind.verify(signed(reading()), use())).hasMessage("no disk");
    assertThatThrownBy(blind.stillNewest(reading())::check).isInstanceOf(FencedException.class);
  }

  @Test
  void saysWhatWhomWhyAndWhatToDo() {
    now = NOON.plus(Duration.ofHours(3));

    assertThat(
            catchThrowableOfType(
                GrantRefusedException.class, () -> verifier.verify(signed(reading()), use())))
        .hasMessage(
            "EXPIRED: Could not open disk 'db-01-disk-0' of vm 'db-01' at site 'berlin', snapshot 'switchback-7-23' to"
                + " site 'potsdam': the grant was good until 2026-11-21T13:00:00Z, and here it is"
                + " 2026-11-21T15:00:00Z. Retry with a new one; if that is refused too, set the clocks.")
        .returns(Remedy.RETRY, refused -> refused.reason().remedy());
  }

  @Test
  void knowsOneKeyOrTwo() {
    PublicKey key = KEYS.getPublic();
    assertThatThrownBy(this::knowing).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> knowing(key, key, key)).isInstanceOf(IllegalArgumentException.class);
  }

  private GrantVerifier knowing(PublicKey... keys) {
    return new GrantVerifier(List.of(keys), seen, () -> now);
  }

  private Reason refusal(byte[] grant, GrantUse use) {
    return catchThrowableOfType(GrantRefusedException.class, () -> verifier.verify(grant, use))
        .reason();
  }

  private static Grant writing(String holder, long step) {
    return new Grant(
        "op-1",
        holder,
        DISK.itself(),
        Direction.WRITE,
        RANGE,
        new TransferFence(1, 17, step, 1),
        NOON,
        NOON.plusSeconds(60));
  }

  private static GrantUse writingUse(String holder) {
    return new GrantUse(holder, DISK.itself(), Direction.WRITE, RANGE);
  }
}
