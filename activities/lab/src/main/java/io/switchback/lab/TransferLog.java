package io.switchback.lab;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the journal short while a transfer writes: the first batch of an operation's step on a disk
 * is a line, the others are counted until its flush.
 */
final class TransferLog {
  private record Key(String vm, String disk, @Nullable String operationId, @Nullable String step) {}

  /** What was written since the last flush. */
  record Count(long batches, long bytes) {}

  private final Set<Key> begun = new HashSet<>();
  private final Map<Key, Count> counts = new HashMap<>();

  /** Learns from the journal which transfers had begun before the daemon started. */
  synchronized void learn(Effect effect) {
    if (effect.kind().equals("write") && effect.vm() != null && effect.disk() != null) {
      begun.add(new Key(effect.vm(), effect.disk(), effect.operationId(), effect.step()));
    }
  }

  /** Counts a batch; true when it is the first, which is a line of its own. */
  synchronized boolean count(String vm, String disk, @Nullable Stamp stamp, long bytes) {
    Key key = key(vm, disk, stamp);
    counts.merge(
        key,
        new Count(1, bytes),
        (old, more) -> new Count(old.batches() + more.batches(), old.bytes() + more.bytes()));
    return begun.add(key);
  }

  /** Answers and forgets what was counted since the last flush. */
  synchronized Count take(String vm, String disk, @Nullable Stamp stamp) {
    Count count = counts.remove(key(vm, disk, stamp));
    return count == null ? new Count(0, 0) : count;
  }

  private static Key key(String vm, String disk, @Nullable Stamp stamp) {
    return new Key(
        vm, disk, stamp == null ? null : stamp.operationId(), stamp == null ? null : stamp.step());
  }
}
