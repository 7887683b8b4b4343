/** Why streams of disk bytes between this worker and others are believed. */
@NullMarked
package io.switchback.worker.stream;

import org.jspecify.annotations.NullMarked;
