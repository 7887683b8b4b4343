/**
 * Network extension appliances: Linux machines at both sites that are configured over SSH, so that
 * production reaches a replica at its own address.
 */
@NullMarked
package io.switchback.appliance;

import org.jspecify.annotations.NullMarked;
