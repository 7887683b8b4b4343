/**
 * One stream per disk between the workers of two sites: the site that has the disk serves it, the
 * other one dials and reads it as a {@link io.switchback.delta.DiskSource}. What travels stands in
 * docs/protocol.md.
 *
 * <p>The frames of a peer are not believed: nothing of them makes this end read outside the disk,
 * allocate more than the protocol allows, or wait for ever.
 */
@NullMarked
package io.switchback.delta.wire;

import org.jspecify.annotations.NullMarked;
