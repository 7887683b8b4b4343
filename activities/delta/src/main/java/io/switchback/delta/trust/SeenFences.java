package io.switchback.delta.trust;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The highest fence that was seen of each disk. Only ever grows. */
public interface SeenFences {
  /**
   * Notes {@code fence}, in one step with looking. If a higher one is known, changes nothing.
   *
   * @return the highest that is known now
   * @throws IOException if it could not be kept
   */
  TransferFence raise(String disk, TransferFence fence) throws IOException;

  /** The highest that is known, if any. */
  Optional<TransferFence> highest(String disk) throws IOException;

  /** Kept as long as the process: for disks whose sink keeps the fence itself. */
  static SeenFences inMemory() {
    ConcurrentHashMap<String, TransferFence> highest = new ConcurrentHashMap<>();
    return new SeenFences() {
      @Override
      public TransferFence raise(String disk, TransferFence fence) {
        return highest.merge(
            disk, fence, (known, given) -> known.compareTo(given) >= 0 ? known : given);
      }

      @Override
      public Optional<TransferFence> highest(String disk) {
        return Optional.ofNullable(highest.get(disk));
      }
    };
  }
}
