/** One workflow per operation, each reading like its numbered sequence. */
@NullMarked
package io.switchback.operation;

import org.jspecify.annotations.NullMarked;
