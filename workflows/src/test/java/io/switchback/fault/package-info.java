/** How faults cross the boundaries, and their page. */
@NullMarked
package io.switchback.fault;

import org.jspecify.annotations.NullMarked;
