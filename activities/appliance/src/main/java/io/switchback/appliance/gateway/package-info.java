/**
 * The cloud gateway: the provider's only door, an outer TLS in which a tenant's tunnel stays end to
 * end. HAProxy is the door; what is here writes its configuration and brings it to what is asked.
 */
@NullMarked
package io.switchback.appliance.gateway;

import org.jspecify.annotations.NullMarked;
