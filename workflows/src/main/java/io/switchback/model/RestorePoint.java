package io.switchback.model;

import java.time.Instant;

/**
 * A state of the production VM that the replica can be reverted to.
 *
 * @param id unique among the replica's, for people to name
 * @param snapshot name of the replica's snapshot that holds it
 * @param takenAt when the production VM was snapshotted, by production's clock
 */
public record RestorePoint(String id, String snapshot, Instant takenAt, Consistency consistency) {
  public RestorePoint {
    new Mistakes()
        .required(id, "id")
        .required(snapshot, "snapshot")
        .unless(takenAt != null, "takenAt is missing")
        .unless(consistency != null, "consistency is missing")
        .refuse("restore point");
  }
}
