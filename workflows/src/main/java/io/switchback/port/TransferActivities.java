package io.switchback.port;

import io.switchback.model.DiskPair;
import io.switchback.model.Mandate;
import io.switchback.model.Replica;
import io.switchback.model.VmRef;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Moves disk data to a replica and keeps late writers from it. Runs on the queue of the recovery
 * site.
 *
 * <p>Every method: SITE_UNREACHABLE (retried); VM_NOT_FOUND; FENCED when the sink has seen a higher
 * fence.
 */
@ActivityInterface
public interface TransferActivities {

  /**
   * Raises the fence of the replica's VM and of each of its disks, so that every transfer begun
   * under a lower one is refused at its next batch. Nothing else changes; when this answers, the
   * sink has confirmed it.
   *
   * <p>If the fence stands there already, answers {@code changed = false}. Milliseconds to seconds.
   */
  Done fenceOff(FenceOff request);

  /**
   * Copies a disk's snapshot at production to the replica's disk.
   *
   * <p>With {@code since}, only the areas changed after it, at either side; a list that a random
   * sample shows to lack something is not believed. Then, and when change tracking was reset, both
   * sides are read and only what differs is sent. Without {@code since}, all that is allocated is
   * sent. The answer says which and why. What was sent is read back from the sink and proven equal.
   * Running it again writes the same bytes. As long as the data need; heartbeats with {@link
   * Progress}.
   *
   * <p>With a {@code stream}, production's worker is dialled and reads its disk there; without one,
   * this worker reads the disk by path, and must reach it.
   *
   * @throws io.switchback.fault.FaultException RESTORE_POINT_NOT_FOUND when the snapshot is gone;
   *     WRONG_POWER_STATE when the replica runs; SHAPE_CHANGED when the capacities differ;
   *     DATASTORE_FULL; PROOF_FAILED
   */
  Transferred transferDisk(TransferDisk request);

  /** Asks to fence off everything older than the mandate's fence. */
  record FenceOff(Mandate mandate, Replica replica) {}

  /**
   * Asks to copy one disk.
   *
   * @param snapshot of {@code production}
   * @param since change id that an earlier snapshot of the disk came with; null for all
   * @param standsOn with {@code since}: the replica's snapshot that holds what the disk held then;
   *     what was written to the replica after it is sent again. Null when nobody can have written
   * @param compare without {@code since}: why both sides are read in full and only what differs is
   *     sent, as a clause; empty when all that is allocated is
   * @param stream by which production's disk is reached; null when this worker reaches it by path
   */
  record TransferDisk(
      Mandate mandate,
      VmRef production,
      String snapshot,
      VmRef recovery,
      DiskPair disk,
      @Nullable String since,
      @Nullable String standsOn,
      String compare,
      @Nullable Stream stream) {
    public TransferDisk {
      compare = compare == null ? "" : compare;
    }

    /** By path and without a comparison. */
    public TransferDisk(
        Mandate mandate,
        VmRef production,
        String snapshot,
        VmRef recovery,
        DiskPair disk,
        @Nullable String since) {
      this(mandate, production, snapshot, recovery, disk, since, null, "", null);
    }

    /** The same by a stream. */
    public TransferDisk by(Stream way) {
      return new TransferDisk(
          mandate, production, snapshot, recovery, disk, since, standsOn, compare, way);
    }
  }

  /**
   * Where production's disk is served, and what lets this transfer read it.
   *
   * @param dataAddress host and port
   * @param grant as {@link GrantActivities} signed it
   */
  record Stream(String dataAddress, String grant) {}

  /**
   * How a transfer tells how far it is: in its heartbeats, and now and then to the loop that waits
   * for it.
   *
   * @param replica whose disk it is
   * @param percent over all its phases, 0 to 100
   * @param bytesPerSecond of the disk that it deals with now; 0 while that is not known
   * @param remainingSeconds null while that cannot be told
   */
  record Progress(
      VmRef replica,
      String disk,
      long readBytes,
      long sentBytes,
      long totalBytes,
      double percent,
      long bytesPerSecond,
      @Nullable Long remainingSeconds) {

    /** As in {@code 42 %, 118 MiB/s, 3 min left}. */
    public String words() {
      StringBuilder words = new StringBuilder((int) percent + " %");
      if (bytesPerSecond > 0) {
        words.append(", ").append(rate());
      }
      Long left = remainingSeconds;
      if (left != null) {
        words.append(", ").append(time(left)).append(" left");
      }
      return words.toString();
    }

    private String rate() {
      return bytesPerSecond < 1024 * 1024
          ? bytesPerSecond / 1024 + " KiB/s"
          : bytesPerSecond / (1024 * 1024) + " MiB/s";
    }

    /** In one unit, and rather too much than too little: it is a guess. */
    private static String time(long seconds) {
      if (seconds < 90) {
        return seconds + " s";
      }
      long minutes = (seconds + 59) / 60;
      return minutes < 90 ? minutes + " min" : (minutes + 59) / 60 + " h";
    }
  }

  /**
   * What a transfer did.
   *
   * @param totalBytes the disk's capacity
   * @param rung by which the blocks were chosen, CHANGE_LIST, STORED_DIGESTS, FULL_COMPARISON or
   *     FULL_COPY
   * @param reason why that rung
   * @param way by which the disk was read, as a clause
   * @param root what both ends agreed on, 64 hexadecimal digits
   * @param rootKey with which the same bytes make the same root again; null when no key is needed.
   *     Another copy of the same bytes may have another key, and so another root
   */
  record Transferred(
      String disk,
      long readBytes,
      long sentBytes,
      long totalBytes,
      String rung,
      String reason,
      String way,
      String root,
      @Nullable String rootKey,
      Duration took,
      int attempt) {}
}
