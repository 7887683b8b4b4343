@NullMarked
package io.switchback.worker.metrics;

import org.jspecify.annotations.NullMarked;
