/** Breaks the rules, to see that they notice. */
@NullMarked
package io.switchback.architecture.broken;

import org.jspecify.annotations.NullMarked;
