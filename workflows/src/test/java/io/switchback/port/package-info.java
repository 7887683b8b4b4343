/**
 * What every adapter of a port must keep, as suites, and in-memory adapters that keep it, for the
 * tests of the operations.
 */
@NullMarked
package io.switchback.port;

import org.jspecify.annotations.NullMarked;
