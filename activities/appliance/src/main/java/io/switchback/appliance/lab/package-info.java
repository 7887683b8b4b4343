/**
 * The network lab, {@code docker/lab/network}, as a program drives it: two sites' networks as
 * namespaces of this machine, for demos, tests and benchmarks.
 */
@NullMarked
package io.switchback.appliance.lab;

import org.jspecify.annotations.NullMarked;
