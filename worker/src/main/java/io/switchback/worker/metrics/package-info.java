/** What a worker shows of the estate in numbers. */
@NullMarked
package io.switchback.worker.metrics;

import org.jspecify.annotations.NullMarked;
