package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.ServiceContent;
import com.vmware.vim25.VimPortType;

/** A login at a vCenter: the stubs, and the objects that begin everything. */
final class Session {
  private final VimPortType vim;
  private final ServiceContent content;

  Session(VimPortType vim, ServiceContent content) {
    this.vim = vim;
    this.content = content;
  }

  VimPortType vim() {
    return vim;
  }

  /** The singletons, by name. */
  ServiceContent content() {
    return content;
  }

  /** What answers before anybody has logged in. */
  static ManagedObjectReference serviceInstance() {
    ManagedObjectReference reference = new ManagedObjectReference();
    reference.setType("ServiceInstance");
    reference.setVal("ServiceInstance");
    return reference;
  }
}
