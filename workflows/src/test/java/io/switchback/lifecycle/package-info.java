/** The lifecycle held against the operating manual, and its page. */
@NullMarked
package io.switchback.lifecycle;

import org.jspecify.annotations.NullMarked;
