/**
 * The activity interfaces. The activity interface is the port; adapters in {@code activities/*}
 * implement it.
 */
@NullMarked
package io.switchback.port;

import org.jspecify.annotations.NullMarked;
