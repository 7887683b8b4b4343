/** Starts, previews, follows and answers runs from outside, for the command line. */
@NullMarked
package io.switchback.worker.run;

import org.jspecify.annotations.NullMarked;
