/**
 * What lies beside a sink's disk and outlives whoever writes it: how far a transfer came, and the
 * tags of what the disk holds. {@code docs/undo-log.md} describes the files.
 */
@NullMarked
package io.switchback.delta.state;

import org.jspecify.annotations.NullMarked;
