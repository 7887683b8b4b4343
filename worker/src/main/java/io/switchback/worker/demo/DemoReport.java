package io.switchback.worker.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code switchback demo --json} prints. Later demos add fields and keep these names.
 *
 * @param seconds from the command's begin to the last verdict
 * @param failback the way home of one VM
 * @param network what a host of production's network saw of that VM meanwhile; null without the
 *     network lab
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record DemoReport(
    Temporal temporal,
    double seconds,
    List<Figures> vms,
    Failback failback,
    @Nullable Network network) {
  public DemoReport {
    vms = List.copyOf(vms);
  }

  /** Whether every VM's figures were verified and nothing was lost. */
  public boolean allGood() {
    return !vms.isEmpty()
        && vms.stream().allMatch(vm -> vm.verified() && vm.recordsLost() == 0)
        && failback.verified()
        && failback.recordsLost() == 0
        && (network == null || DemoNetwork.isGood(network));
  }

  /**
   * The Temporal that ran it.
   *
   * @param kind address, dev-server or in-process
   * @param ui address of its UI; null when it has none
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Temporal(String kind, String address, @Nullable String ui) {}

  /**
   * One VM and one operation.
   *
   * @param rpoSeconds age of the restore point when the operation began
   * @param rpoRecords records that production wrote after the restore point, up to the replica's
   *     power-on
   * @param recordsLost records that the restore point held and the disk lacks
   * @param rtoSeconds from the operation's begin until the guest was ready, or until the undo was
   *     done
   * @param bytesMoved payload sent to the recovery site for the VM before and during the operation
   * @param verified whether the separate reader, and the operation's own checks, found everything
   *     as it must be
   */
  public record Figures(
      String vm,
      String operation,
      double rpoSeconds,
      long rpoRecords,
      long recordsLost,
      double rtoSeconds,
      long bytesMoved,
      boolean verified) {}

  /**
   * A VM that went home.
   *
   * @param bytesRoundOne sent to production while the replica served
   * @param bytesRoundTwo sent while neither served
   * @param downtimeSeconds from before the replica's power-off until production was powered on
   * @param recordsLost records that the replica held for certain when it was powered off, and
   *     production lacks
   * @param verified whether the separate reader, and the operations, found everything as it must be
   */
  public record Failback(
      String vm,
      long bytesRoundOne,
      long bytesRoundTwo,
      double downtimeSeconds,
      long recordsLost,
      boolean verified) {}

  /**
   * A VM's address, seen from production's network.
   *
   * @param ttlBefore of its answers while production served; 64 is production itself
   * @param ttlDuring while the replica served; 62 is the replica, through the tunnel
   * @param ttlAfter when the VM was home again
   * @param lossPercent of a hundred pings while the replica served
   * @param secondsToFirstAnswer from the failover's begin to the replica's first answer; -1 when
   *     there was none
   * @param leftovers of the extension in the appliances when the VM was home, a line each
   */
  public record Network(
      int ttlBefore,
      int ttlDuring,
      int ttlAfter,
      double lossPercent,
      double secondsToFirstAnswer,
      List<String> leftovers) {
    public Network {
      leftovers = List.copyOf(leftovers);
    }
  }
}
