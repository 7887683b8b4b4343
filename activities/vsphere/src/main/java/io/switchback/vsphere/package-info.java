/**
 * The ports on VMware vSphere: vijava's data objects and stubs, by a SOAP engine of our own. {@code
 * docs/operate/vsphere.md} says what was proved on what.
 */
@NullMarked
package io.switchback.vsphere;

import org.jspecify.annotations.NullMarked;
