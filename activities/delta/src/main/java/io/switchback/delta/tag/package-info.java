/**
 * How two ends find out that they hold the same bytes without sending them: keyed tags of 16 bytes,
 * on three levels. Knows bytes and positions, and nothing of disks.
 */
@NullMarked
package io.switchback.delta.tag;

import org.jspecify.annotations.NullMarked;
