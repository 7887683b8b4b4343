package io.switchback.delta.trust;

/**
 * One disk as both sites name it.
 *
 * @param site where it lies, and whose worker serves it
 * @param snapshot whose content is meant; empty for the disk as it is now
 */
public record GrantedDisk(String site, String vm, String disk, String snapshot) {
  public GrantedDisk {
    Words.required(site, "site");
    Words.required(vm, "vm");
    Words.required(disk, "disk");
    Words.optional(snapshot, "snapshot");
  }

  /** The same disk, whatever its content. */
  GrantedDisk itself() {
    return new GrantedDisk(site, vm, disk, "");
  }

  @Override
  public String toString() {
    return "disk '%s' of vm '%s' at site '%s'".formatted(disk, vm, site)
        + (snapshot.isEmpty() ? "" : ", snapshot '%s'".formatted(snapshot));
  }
}
