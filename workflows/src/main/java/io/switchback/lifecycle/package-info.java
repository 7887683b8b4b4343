/** The replica lifecycle as one table: what is allowed from where, and what it leads to. */
@NullMarked
package io.switchback.lifecycle;

import org.jspecify.annotations.NullMarked;
