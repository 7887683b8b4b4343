/** Calls people when an operation waits for one. */
@NullMarked
package io.switchback.notify;

import org.jspecify.annotations.NullMarked;
