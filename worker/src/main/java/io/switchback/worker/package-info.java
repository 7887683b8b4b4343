/** The worker process: Spring wiring, and Temporal workers that wait for their services. */
@NullMarked
package io.switchback.worker;

import org.jspecify.annotations.NullMarked;
