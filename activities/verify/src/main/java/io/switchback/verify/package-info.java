/** Looks at a started guest from outside, as its users would. */
@NullMarked
package io.switchback.verify;

import org.jspecify.annotations.NullMarked;
