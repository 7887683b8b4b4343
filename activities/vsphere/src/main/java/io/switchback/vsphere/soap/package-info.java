/**
 * A SOAP engine for vijava's stubs and data objects. It knows nothing of VMs: it writes requests,
 * sends each of them at most once, and reads answers, also those of newer servers than the data
 * objects were made for.
 */
@NullMarked
package io.switchback.vsphere.soap;

import org.jspecify.annotations.NullMarked;
