package io.switchback.model;

/** Which platform a site runs on. */
public enum SiteKind {
  /** A hypervisor in miniature, with real disks. */
  LAB,
  /** VMware vSphere, by a vCenter. */
  VSPHERE
}
