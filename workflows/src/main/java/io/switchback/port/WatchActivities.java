package io.switchback.port;

import io.switchback.lifecycle.ReplicaState;
import io.switchback.model.DatastoreOutlook;
import io.switchback.model.Drift;
import io.switchback.model.Replica;
import io.switchback.model.RestorePoint;
import io.switchback.model.RoomSettings;
import io.switchback.model.Sheet;
import io.temporal.activity.ActivityInterface;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the registry keeps of how the estate is found: drift of replicas, room of sites. Every
 * method: REGISTRY_UNAVAILABLE (retried); REFUSED when the replica is no longer protected.
 */
@ActivityInterface
public interface WatchActivities {

  /**
   * Answers how the replica should be found now, unless an operation holds it: then it is about to
   * be otherwise. The operation that asks under its own id is told all the same. Changes nothing.
   * Milliseconds.
   */
  Expectation expect(Expect request);

  /**
   * Keeps how the replica was found: drift that is new from now on, drift that is no longer there
   * until now. While there is drift that a cycle would overwrite, none begins. A restore point that
   * is gone is not offered any more, and when it was the newest, the next cycle begins without
   * change ids.
   *
   * <p>Nothing is kept when the replica was claimed or a cycle of it was begun since {@code
   * expect}: it was looked at while it changed. If the same sighting is kept already, answers the
   * same. Milliseconds.
   */
  Sighted recordSighting(RecordSighting request);

  /**
   * Keeps how much room the site's datastores have, and answers when they will be full.
   *
   * <p>If the same sighting is kept already, answers the same. Milliseconds.
   */
  Outlook recordRoom(RecordRoom request);

  /** Answers how fast production writes, as the last cycles have shown. Changes nothing. */
  WriteRates measureWrites(MeasureWrites request);

  /** Answers what the replica's break-glass sheet tells. Changes nothing. Milliseconds. */
  Sheet describeSheet(DescribeSheet request);

  /**
   * Asks how the replica should be found.
   *
   * @param operationId of the operation that asks; empty when none does
   */
  record Expect(String replicaId, String operationId) {}

  /**
   * Answer of {@code expect}.
   *
   * @param expected null when it cannot be said now
   * @param waitingFor why not, for people; empty otherwise
   */
  record Expectation(@Nullable Expected expected, String waitingFor, int attempt) {}

  /**
   * How a replica should be found.
   *
   * @param epoch of the last claim: a sighting from before a later one is worth nothing
   * @param cycle number of the last cycle begun, for the same reason
   * @param restorePoints whose snapshots should be there, oldest first
   * @param cycleOpen whether that cycle has not come to a restore point that is still there: it may
   *     have left its work half done
   * @param productionMayRun whether somebody has agreed that production runs beside the replica,
   *     and it has not been off since
   * @param roomDue whether the recovery site's room has not been measured lately
   */
  record Expected(
      Replica replica,
      ReplicaState state,
      long epoch,
      long cycle,
      List<RestorePoint> restorePoints,
      boolean cycleOpen,
      boolean productionMayRun,
      boolean roomDue) {
    public Expected {
      restorePoints = List.copyOf(restorePoints);
    }
  }

  /**
   * Asks to keep a sighting.
   *
   * @param id of the sighting, the same over attempts
   * @param epoch and {@code cycle} from {@code expect}
   * @param productionOff whether production was seen off or disconnected
   */
  record RecordSighting(
      String id,
      String replicaId,
      long epoch,
      long cycle,
      List<Drift> drift,
      boolean productionOff,
      Instant at) {
    public RecordSighting {
      drift = List.copyOf(drift);
    }
  }

  /**
   * What is new by a sighting.
   *
   * @param fresh drift that was not there before: people are told of it once
   * @param cleared how many findings are there no more
   */
  record Sighted(List<Drift> fresh, int cleared, int attempt) {
    public Sighted {
      fresh = List.copyOf(fresh);
    }
  }

  /** Asks to keep a site's room; {@code id} is the same over attempts. */
  record RecordRoom(String id, RoomActivities.Room room) {}

  /**
   * When the site's datastores will be full.
   *
   * @param urgent those that people are to be told of now: once when less is left than the site's
   *     {@code warnBefore}, once more when it is less than its {@code alarmBefore}
   */
  record Outlook(List<DatastoreOutlook> datastores, List<DatastoreOutlook> urgent, int attempt) {
    public Outlook {
      datastores = List.copyOf(datastores);
      urgent = List.copyOf(urgent);
    }
  }

  /** Asks how fast the production VMs of these replicas write. */
  record MeasureWrites(List<String> replicaIds) {
    public MeasureWrites {
      replicaIds = List.copyOf(replicaIds);
    }
  }

  /**
   * Those that are known; a replica with fewer than two restore points is left out.
   *
   * @param enoughFor how long a datastore of their recovery sites must hold what is written;
   *     absent: 24 h
   */
  record WriteRates(List<WriteRate> rates, Duration enoughFor) {
    public WriteRates {
      rates = List.copyOf(rates);
      enoughFor = enoughFor == null ? RoomSettings.DEFAULT.warnBefore() : enoughFor;
    }

    /** Rates at sites that are watched as usual. */
    public WriteRates(List<WriteRate> rates) {
      this(rates, RoomSettings.DEFAULT.warnBefore());
    }
  }

  /** How fast a replica's production VM writes. */
  record WriteRate(String replicaId, long bytesPerHour) {}

  /** Asks for what the replica's sheet tells. */
  record DescribeSheet(String replicaId) {}
}
