/**
 * A hypervisor in miniature whose bytes are real: one daemon per site, its guests, its disks, and
 * the adapters that put it behind the ports.
 */
@NullMarked
package io.switchback.lab;

import org.jspecify.annotations.NullMarked;
