package io.switchback.lab.witness;

import java.util.List;

/**
 * What production holds after a failback, held against the journals of both sites.
 *
 * @param recordsWhole records that are whole on every disk of production, 1 to this
 * @param recordsOfReplica the last of them that the replica wrote
 * @param flushedBefore the last record flushed at the replica before its power-off
 * @param writtenBefore the last record written at the replica before its power-off
 * @param recordsLost records that the replica held for certain and production lacks
 */
public record FailbackTestimony(
    String vm,
    String replica,
    long recordsWhole,
    long recordsOfReplica,
    long flushedBefore,
    long writtenBefore,
    long recordsLost,
    String verdict,
    List<String> mistakes)
    implements Testimony {

  public FailbackTestimony {
    mistakes = List.copyOf(mistakes);
  }
}
