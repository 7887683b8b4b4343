package io.switchback;

import io.switchback.model.CommitWindow;
import io.switchback.model.CredentialReference;
import io.switchback.model.DiskPair;
import io.switchback.model.Failback;
import io.switchback.model.FailbackTo;
import io.switchback.model.FullSiteSettings;
import io.switchback.model.Mandate;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkMapping;
import io.switchback.model.RestorePoint;
import io.switchback.model.SiteAppliance;
import io.switchback.model.SiteKind;
import io.switchback.model.Switchover;
import io.switchback.model.VCenterAccess;
import io.switchback.model.VmRef;
import io.switchback.model.VmSelection;
import io.switchback.port.FailbackActivities.BeginFailback;
import io.switchback.port.WindowActivities.PlanWindow;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes an instance of any of the product's records, with something in every component. */
public final class Samples {
  private long count;

  /** A record with every component set. */
  public <T extends Record> T full(Class<T> type) {
    return make(type, false);
  }

  /** A record with every component absent that may be. */
  public <T extends Record> T sparse(Class<T> type) {
    return make(type, true);
  }

  private <T> T make(Class<T> type, boolean sparse) {
    if (type == CredentialReference.class) {
      return type.cast(CredentialReference.parse("env:TOKEN_" + ++count));
    }
    if (type == VmSelection.class) {
      // A VM and a group exclude each other.
      return type.cast(
          new VmSelection(
              "name-" + ++count,
              "restorePoint",
              "confirm",
              "choose",
              "",
              sparse ? null : Duration.ofSeconds(++count)));
    }
    if (type == NetworkExtent.class) {
      return type.cast(
          new NetworkExtent(
              "10.0.7.0/24",
              sparse ? "" : "10.0.7.1",
              "card " + ++count,
              "card " + ++count,
              "gateway:" + (200 + ++count),
              (int) (200 + ++count)));
    }
    if (type == SiteAppliance.class) {
      return type.cast(
          new SiteAppliance(
              "host " + ++count,
              (int) (200 + ++count),
              "user " + ++count,
              "SHA256:" + ++count,
              make(CredentialReference.class, sparse),
              true,
              "/folder " + ++count,
              "tenant-" + ++count,
              "vm " + ++count));
    }
    if (type == FullSiteSettings.Published.class) {
      return type.cast(
          new FullSiteSettings.Published(
              FullSiteSettings.Protocol.UDP,
              "203.0.113.7",
              (int) (200 + ++count),
              "10.0.7.9",
              (int) (200 + ++count)));
    }
    if (type == FullSiteSettings.class) {
      return type.cast(
          new FullSiteSettings(
              "card " + ++count,
              "10.0.9.1",
              Map.of("network " + ++count, "203.0.113.7"),
              List.of(make(FullSiteSettings.Published.class, sparse))));
    }
    if (type == VCenterAccess.class) {
      return type.cast(
          new VCenterAccess(
              "user " + ++count, "file:/folder " + ++count, (int) (200 + ++count), 7));
    }
    if (type == Failback.class) {
      return type.cast(failback(sparse, sparse));
    }
    if (type == BeginFailback.class) {
      // One that begins has made no round yet.
      return type.cast(
          new BeginFailback(make(Mandate.class, sparse), "id " + ++count, failback(sparse, true)));
    }
    if (type == PlanWindow.class) {
      // One that is planned has no end yet.
      CommitWindow window = make(CommitWindow.class, true);
      return type.cast(new PlanWindow(make(Mandate.class, sparse), "id " + ++count, window));
    }
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      boolean mayBeAbsent = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
      values[i] =
          sparse && mayBeAbsent
              ? null
              : value(components[i].getName(), components[i].getGenericType(), sparse);
    }
    try {
      var constructor =
          type.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return type.cast(constructor.newInstance(values));
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(type + " with " + Arrays.toString(values), impossible);
    }
  }

  /** A time belongs to a switchover that is scheduled, and to no other. */
  private Failback failback(boolean sparse, boolean begins) {
    return new Failback(
        FailbackTo.NEW_LOCATION,
        make(VmRef.class, sparse),
        make(VmRef.class, sparse),
        List.of(make(DiskPair.class, sparse)),
        sparse ? List.of() : List.of(make(NetworkMapping.class, sparse)),
        true,
        !sparse,
        "snapshot " + ++count,
        sparse ? Switchover.MANUAL : Switchover.SCHEDULED,
        sparse ? null : Instant.parse("2026-03-01T12:00:00Z").plusSeconds(++count),
        true,
        begins ? null : make(Failback.Round.class, sparse),
        begins ? null : make(RestorePoint.class, sparse),
        sparse ? null : Duration.ofHours(++count));
  }

  private Object value(String name, Type type, boolean sparse) {
    count++;
    if (type instanceof ParameterizedType parameterized) {
      Type[] arguments = parameterized.getActualTypeArguments();
      if (parameterized.getRawType() == Map.class) {
        return Map.of(value(name, arguments[0], sparse), value(name, arguments[1], sparse));
      }
      return alternatives(arguments[0]).map(each -> value(name, each, sparse)).toList();
    }
    Class<?> plain = (Class<?>) type;
    if (plain == SiteKind.class) {
      // Of a site that has a vCenter, or none.
      return sparse ? SiteKind.LAB : SiteKind.VSPHERE;
    }
    if (plain.isEnum()) {
      return plain.getEnumConstants()[(int) (count % plain.getEnumConstants().length)];
    }
    if (plain.isRecord()) {
      return make(plain, sparse);
    }
    return scalar(name, plain);
  }

  private static Stream<? extends Type> alternatives(Type type) {
    return type instanceof Class<?> plain && plain.isSealed()
        ? Arrays.stream(plain.getPermittedSubclasses())
        : Stream.of(type);
  }

  private Object scalar(String name, Class<?> type) {
    if (type == String.class) {
      return switch (name) {
        // Of a site: it names a queue, too.
        case "name" -> "name-" + count;
        case "address" -> "https://address-" + count + ":80";
        default -> name + " " + count;
      };
    }
    if (type == boolean.class) {
      return true;
    }
    if (type == int.class || type == Integer.class) {
      return (int) (200 + count);
    }
    if (type == long.class || type == Long.class) {
      return 1_000 + count;
    }
    if (type == double.class || type == Double.class) {
      return 0.5 + count;
    }
    if (type == Duration.class) {
      // A warning comes before the alarm.
      long seconds = name.equals("warnBefore") ? 3_600 : 60;
      return Duration.ofSeconds(seconds + count).plusMillis(5);
    }
    if (type == Instant.class) {
      return Instant.parse("2026-03-01T12:00:00.123456789Z").plusSeconds(count);
    }
    throw new IllegalArgumentException("no sample of " + type + " for " + name);
  }
}
