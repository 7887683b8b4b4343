/**
 * A reader of its own of what the lab leaves on disk. It shares no code with the daemon and knows
 * nothing of the product: only the formats in the module's FORMAT.md.
 */
@NullMarked
package io.switchback.lab.witness;

import org.jspecify.annotations.NullMarked;
