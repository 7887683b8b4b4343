/**
 * Disks that are files or block devices of this machine: opened by path, held by one writer at a
 * time, with their holes seen and made.
 */
@NullMarked
package io.switchback.delta.file;

import org.jspecify.annotations.NullMarked;
