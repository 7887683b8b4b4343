/**
 * What can go wrong, who can mend it, and how it crosses the boundary between activities and
 * workflows.
 */
@NullMarked
package io.switchback.fault;

import org.jspecify.annotations.NullMarked;
