package io.switchback.model;

import java.util.List;

/**
 * What the registry can tell whoever must start a replica without it.
 *
 * @param restorePoints newest first
 * @param bootOrder when the VM is to be started among others, a sentence; empty when not known
 */
public record Sheet(Replica replica, List<RestorePoint> restorePoints, String bootOrder) {
  public Sheet {
    new Mistakes().unless(replica != null, "replica is missing").refuse("sheet");
    restorePoints = List.copyOf(restorePoints);
    bootOrder = bootOrder == null ? "" : bootOrder;
  }
}
