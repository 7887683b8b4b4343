/** The operations, run in Temporal's in-memory server against an estate in memory. */
@NullMarked
package io.switchback.operation;

import org.jspecify.annotations.NullMarked;
