/** The data plane beside the tools that people use for the same. */
@NullMarked
package io.switchback.bench.delta;

import org.jspecify.annotations.NullMarked;
