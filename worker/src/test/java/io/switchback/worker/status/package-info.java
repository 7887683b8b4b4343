@NullMarked
package io.switchback.worker.status;

import org.jspecify.annotations.NullMarked;
