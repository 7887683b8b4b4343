/**
 * Restore points for disks whose platform has no snapshots.
 *
 * <p>The disk itself is always the newest point. Before a leaf of it is changed for the first time
 * since then, what it held goes to a log; an older point is the disk with the logs since that point
 * laid over it, the oldest log on top. The same log takes a copy back that was interrupted. {@code
 * docs/undo-log.md} describes the files.
 */
@NullMarked
package io.switchback.delta.undo;

import org.jspecify.annotations.NullMarked;
