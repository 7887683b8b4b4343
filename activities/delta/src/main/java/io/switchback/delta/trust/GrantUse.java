package io.switchback.delta.trust;

import io.switchback.delta.ByteRange;

/**
 * What somebody who presents a grant asks for.
 *
 * @param holder site that the presented certificate names; empty on a plain stream within this
 *     machine, where nobody shows one
 * @param range that is to be touched
 */
public record GrantUse(
    String holder, GrantedDisk disk, Grant.Direction direction, ByteRange range) {
  /** Whoever holds a grant within this machine may use it. */
  public static GrantUse withinThisMachine(
      GrantedDisk disk, Grant.Direction direction, ByteRange range) {
    return new GrantUse("", disk, direction, range);
  }
}
