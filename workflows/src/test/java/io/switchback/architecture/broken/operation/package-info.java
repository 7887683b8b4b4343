/** Breaks the rules, to see that they notice. */
@NullMarked
package io.switchback.architecture.broken.operation;

import org.jspecify.annotations.NullMarked;
