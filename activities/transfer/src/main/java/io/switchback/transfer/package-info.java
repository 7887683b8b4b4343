/** What moving a disk is for an operation, whatever the platforms at its two ends. */
@NullMarked
package io.switchback.transfer;

import org.jspecify.annotations.NullMarked;
