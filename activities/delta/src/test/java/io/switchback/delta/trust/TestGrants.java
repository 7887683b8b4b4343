package io.switchback.delta.trust;

import io.switchback.delta.ByteRange;
import io.switchback.delta.trust.Grant.Direction;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;

/** Grants of one transfer from berlin to potsdam, and the keys that sign them. */
final class TestGrants {
  static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  static final KeyPair KEYS = GrantKeys.make();
  static final GrantedDisk DISK =
      new GrantedDisk("berlin", "db-01", "db-01-disk-0", "switchback-7-23");
  static final ByteRange RANGE = new ByteRange(4096, 1 << 20);

  private TestGrants() {}

  /** Reads a part of the disk, from noon on for an hour. */
  static Grant reading() {
    return at(new TransferFence(1, 17, 4, 1));
  }

  static Grant at(TransferFence fence) {
    return new Grant(
        "op-1",
        "potsdam",
        DISK,
        Direction.READ,
        RANGE,
        fence,
        NOON,
        NOON.plus(Duration.ofHours(1)));
  }

  static GrantUse use() {
    return new GrantUse("potsdam", DISK, Direction.READ, RANGE);
  }

  static byte[] signed(Grant grant) {
    return new GrantSigner(KEYS.getPrivate()).sign(grant);
  }
}
