package io.switchback.lab.witness;

import java.util.List;

/**
 * What a failed-over replica holds, held against the journals of both sites.
 *
 * @param restorePoint name of the snapshot that the replica was powered on from
 * @param recordsWhole m: production's records that are whole on every disk of the replica, 1 to m
 * @param flushedBefore the last record flushed at production before the snapshot
 * @param writtenBefore the last record written at production before the snapshot
 * @param writtenAtProduction the last record written at production when the replica was powered on
 * @param rpoRecords written at production after the restore point
 * @param rpoSeconds from production's snapshot to the replica's power-on
 * @param recordsLost records that the restore point held for certain and the replica lacks
 * @param replicaRecords records that the replica's own boots have added
 */
public record FailoverTestimony(
    String vm,
    String replica,
    String restorePoint,
    long recordsWhole,
    long flushedBefore,
    long writtenBefore,
    long writtenAtProduction,
    long rpoRecords,
    double rpoSeconds,
    long recordsLost,
    long replicaRecords,
    String verdict,
    List<String> mistakes)
    implements Testimony {

  public FailoverTestimony {
    mistakes = List.copyOf(mistakes);
  }
}
