/**
 * What runs on this machine for Switchback: the home directory, the services started from it
 * (Temporal, PostgreSQL, lab sites, workers) and where each of them answers.
 */
@NullMarked
package io.switchback.worker.local;

import org.jspecify.annotations.NullMarked;
