/** The demo: two lab sites, a real failover with real bytes, and a reader that believes nobody. */
@NullMarked
package io.switchback.worker.demo;

import org.jspecify.annotations.NullMarked;
