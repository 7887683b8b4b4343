package io.switchback.delta.trust;

import io.switchback.delta.ByteRange;

/**
 * What somebody who presents a grant asks for.
 *
 * @param holder site that the presented certificate names
 * @param range that is to be touched
 */
public record GrantUse(
    String holder, GrantedDisk disk, Grant.Direction direction, ByteRange range) {}
