package io.switchback.vsphere;

/** Has a simulated vCenter whose judge can be asked. */
interface Judged {
  VcsimEstate estate();
}
