package io.switchback.lab;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * What the hypervisor is to one booted guest. Every call fails with {@link GuestGoneException} once
 * the VM has been powered off or booted again.
 */
interface GuestHost {
  List<DiskDefinition> disks();

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

  /** Reports that the guest serves at {@code service}, standing at its last record. */
  void booted(long lastRecord, URI service) throws IOException;

  /** Reports in a plain word why the guest writes no more. */
  void halted(String word) throws IOException;
}
