package io.switchback.lab;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * What the hypervisor is to one booted guest. Every call fails with {@link GuestGoneException} once
 * the VM has been powered off or booted again, and writes with the {@link LabException}
 * DATASTORE_FULL when there is no room for them.
 */
interface GuestHost {
  List<DiskDefinition> disks();

  /** The last record that another VM of the site, given by name or id, has flushed. */
  long flushedBy(String vm) throws IOException;

  /** Fills the whole buffer. */
  void read(String disk, long offsetBytes, ByteBuffer target) throws IOException;

  /** Writes bytes that are no record. */
  void write(String disk, long offsetBytes, byte[] bytes) throws IOException;

  /**
   * Writes record {@code number} to each disk at one moment, so that a snapshot has it everywhere
   * or nowhere.
   */
  void writeRecord(long number, long offsetBytes, Map<String, byte[]> byDisk) throws IOException;

  /** Makes everything written durable, the records up to {@code through} among it. */
  void flush(long through) throws IOException;

  /**
   * Reports that the guest serves at {@code service}, standing at its last record.
   *
   * @param disks those that it writes its records to
   */
  void booted(long lastRecord, URI service, List<String> disks) throws IOException;

  /** Reports in a plain word why the guest writes no more. */
  void halted(String word) throws IOException;
}
