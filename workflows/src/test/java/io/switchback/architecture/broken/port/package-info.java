/** Breaks the rules, to see that they notice. */
@NullMarked
package io.switchback.architecture.broken.port;

import org.jspecify.annotations.NullMarked;
