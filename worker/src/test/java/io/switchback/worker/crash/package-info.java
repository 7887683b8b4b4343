/** Kills, stops and cuts at every activity, on a real Temporal and a real PostgreSQL. */
@NullMarked
package io.switchback.worker.crash;

import org.jspecify.annotations.NullMarked;
