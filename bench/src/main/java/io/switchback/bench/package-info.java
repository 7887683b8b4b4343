/** Benchmarks, each beside a peer that people already trust. */
@NullMarked
package io.switchback.bench;

import org.jspecify.annotations.NullMarked;
