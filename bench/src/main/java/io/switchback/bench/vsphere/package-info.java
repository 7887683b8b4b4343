/** How long it takes to read what a vCenter has. */
@NullMarked
package io.switchback.bench.vsphere;

import org.jspecify.annotations.NullMarked;
