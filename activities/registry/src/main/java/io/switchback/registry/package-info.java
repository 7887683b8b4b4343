/**
 * The truth about the estate, in PostgreSQL: what is protected, its state, its restore points, who
 * holds it, what happened.
 *
 * <p>Whatever must never be otherwise is a constraint of the database. Whoever decides something
 * about a replica locks its row first, so that of two decisions one sees the other's outcome.
 */
@NullMarked
package io.switchback.registry;

import org.jspecify.annotations.NullMarked;
