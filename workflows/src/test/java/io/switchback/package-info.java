/** What the tests of several packages share. */
@NullMarked
package io.switchback;

import org.jspecify.annotations.NullMarked;
