@NullMarked
package io.switchback.worker.rate;

import org.jspecify.annotations.NullMarked;
