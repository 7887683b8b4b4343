package io.switchback.model;

/** How a VM boots; a disk installed under one does not start under the other. */
public enum Firmware {
  BIOS,
  EFI
}
