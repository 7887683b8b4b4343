/** Stands for an adapter's package. */
@NullMarked
package io.switchback.architecture.broken.lab;

import org.jspecify.annotations.NullMarked;
