package io.switchback.lab.witness;

import java.util.List;

/**
 * Whether a VM still stands at its own last record.
 *
 * @param recordsWhole records of its own boots that are whole on every disk, 1 to this
 * @param flushed the last record flushed, by the journal, before the disks were read
 * @param written the last record written, by the journal, after the disks were read
 */
public record ProductionTestimony(
    String vm, long recordsWhole, long flushed, long written, String verdict, List<String> mistakes)
    implements Testimony {

  public ProductionTestimony {
    mistakes = List.copyOf(mistakes);
  }
}
