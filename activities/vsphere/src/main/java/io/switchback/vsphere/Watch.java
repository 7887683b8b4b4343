package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectNotFound;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MissingObject;
import com.vmware.vim25.ObjectSpec;
import com.vmware.vim25.ObjectUpdate;
import com.vmware.vim25.ObjectUpdateKind;
import com.vmware.vim25.PropertyChange;
import com.vmware.vim25.PropertyFilterUpdate;
import com.vmware.vim25.UpdateSet;
import com.vmware.vim25.WaitOptions;
import io.switchback.vsphere.soap.FaultString;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for a change of an object. vCenter holds the question until there is something to tell, by
 * a property collector of the waiter's own, which is destroyed afterwards.
 */
final class Watch {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /** How long vCenter holds a question: heartbeats come in between. */
  private static final Duration ROUND = Duration.ofSeconds(4);

  private Watch() {}

  /** What is watched: some properties of one object. */
  record Target(ManagedObjectReference object, List<String> paths) {
    Target(ManagedObjectReference object, String... paths) {
      this(object, List.of(paths));
    }
  }

  /**
   * Waits until {@code isIt} holds of the properties.
   *
   * @param beat called after each round
   * @return the properties; empty when the limit has passed
   * @throws ManagedObjectNotFound when the object is gone, or goes while it is watched
   * @throws com.vmware.vim25.NoPermission when one of the properties may not be read
   */
  static Optional<Properties.Row> until(
      VCenter vcenter, Target target, Duration limit, Predicate<Properties.Row> isIt, Runnable beat)
      throws RemoteException {
    long end = System.nanoTime() + limit.toNanos();
    return vcenter.read(live -> until(live, target, end, isIt, beat));
  }

  private static Optional<Properties.Row> until(
      Session live, Target target, long end, Predicate<Properties.Row> isIt, Runnable beat)
      throws RemoteException {
    ManagedObjectReference collector =
        live.vim().createPropertyCollector(live.content().getPropertyCollector());
    try {
      ObjectSpec start = new ObjectSpec();
      start.setObj(target.object());
      var _ =
          live.vim()
              .createFilter(
                  collector,
                  Properties.filter(
                      new ObjectSpec[] {start},
                      target.object().getType(),
                      target.paths().toArray(new String[0])),
                  false);
      Map<String, Object> values = new HashMap<>();
      Properties.Row row = new Properties.Row(target.object(), values);
      String version = "";
      while (true) {
        long left = end - System.nanoTime();
        UpdateSet news = live.vim().waitForUpdatesEx(collector, version, round(left));
        if (news != null) {
          version = news.getVersion();
          take(values, news);
        }
        if (isIt.test(row)) {
          return Optional.of(row);
        }
        beat.run();
        if (left <= 0) {
          return Optional.empty();
        }
      }
    } finally {
      destroy(live, collector);
    }
  }

  private static WaitOptions round(long leftNanos) {
    long nanos = Math.clamp(leftNanos, 0, ROUND.toNanos());
    WaitOptions options = new WaitOptions();
    // vCenter counts whole seconds.
    options.setMaxWaitSeconds((int) Math.ceilDiv(nanos, Duration.ofSeconds(1).toNanos()));
    return options;
  }

  private static void take(Map<String, Object> values, UpdateSet news) throws RemoteException {
    for (PropertyFilterUpdate filter : orNone(news.getFilterSet())) {
      MissingObject @Nullable [] missing = filter.getMissingSet();
      if (missing != null && missing.length > 0) {
        throw gone(missing[0].getObj());
      }
      ObjectUpdate @Nullable [] objects = filter.getObjectSet();
      if (objects == null) {
        continue;
      }
      for (ObjectUpdate object : objects) {
        if (object.getKind() == ObjectUpdateKind.leave) {
          throw gone(object.getObj());
        }
        Properties.refuseForbidden(object.getMissingSet());
        PropertyChange @Nullable [] changes = object.getChangeSet();
        if (changes == null) {
          continue;
        }
        for (PropertyChange change : changes) {
          if (change.getVal() == null) {
            values.remove(change.getName());
          } else {
            values.put(change.getName(), Properties.unwrapped(change.getVal()));
          }
        }
      }
    }
  }

  // vCenter tells it once, and would have nothing more to tell for ever.
  private static ManagedObjectNotFound gone(ManagedObjectReference object) {
    ManagedObjectNotFound gone = new ManagedObjectNotFound();
    gone.setObj(object);
    return FaultString.attach(gone, "it has gone while it was watched");
  }

  private static PropertyFilterUpdate[] orNone(PropertyFilterUpdate @Nullable [] filters) {
    return filters == null ? new PropertyFilterUpdate[0] : filters;
  }

  // It ends with the session at the latest.
  private static void destroy(Session live, ManagedObjectReference collector) {
    try {
      live.vim().destroyPropertyCollector(collector);
    } catch (RemoteException e) {
      LOG.debug("a property collector stays until the session ends because={}", e.toString());
    }
  }
}
