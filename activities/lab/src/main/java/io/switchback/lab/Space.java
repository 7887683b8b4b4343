package io.switchback.lab;

import java.util.concurrent.atomic.AtomicLong;

/** The bytes of one datastore, counted as they are allocated. Safe for use by several threads. */
final class Space {
  private final String datastore;
  private final AtomicLong usedBytes = new AtomicLong();
  private volatile long capacityBytes;

  Space(String datastore, long capacityBytes) {
    this.datastore = datastore;
    this.capacityBytes = capacityBytes;
  }

  String datastore() {
    return datastore;
  }

  long capacityBytes() {
    return capacityBytes;
  }

  long usedBytes() {
    return usedBytes.get();
  }

  long freeBytes() {
    return Math.max(0, capacityBytes - usedBytes.get());
  }

  void resize(long newCapacityBytes) {
    capacityBytes = newCapacityBytes;
  }

  /**
   * Takes room for a write before it happens.
   *
   * @throws LabException DATASTORE_FULL; nothing is taken
   */
  void take(long bytes) {
    long used = usedBytes.get();
    while (bytes > 0) {
      if (used + bytes > capacityBytes) {
        throw new LabException(
            LabFault.DATASTORE_FULL,
            "Datastore '%s' has %d bytes free, and the write needs %d more."
                .formatted(datastore, Math.max(0, capacityBytes - used), bytes));
      }
      if (usedBytes.compareAndSet(used, used + bytes)) {
        return;
      }
      used = usedBytes.get();
    }
  }

  /** Counts what is there in any case: a disk that is opened, or a merge that must end. */
  void count(long bytes) {
    usedBytes.addAndGet(bytes);
  }

  void give(long bytes) {
    usedBytes.addAndGet(-bytes);
  }
}
