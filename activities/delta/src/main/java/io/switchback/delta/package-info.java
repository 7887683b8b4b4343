/**
 * The data plane: where disk bytes come from, where they go, how they get there, and what proves
 * that they arrived.
 *
 * <p>Nothing here knows of workflows or of any hypervisor: an adapter gives a {@link
 * io.switchback.delta.DiskSource} and a {@link io.switchback.delta.DiskSink}, and {@link
 * io.switchback.delta.Transfer} does the rest.
 */
@NullMarked
package io.switchback.delta;

import org.jspecify.annotations.NullMarked;
