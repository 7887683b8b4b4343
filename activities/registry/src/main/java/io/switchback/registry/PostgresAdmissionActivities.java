package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Placement;
import io.switchback.port.AdmissionActivities;
import io.switchback.port.Done;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Admission leases in PostgreSQL; time is the database's, so that workers' clocks do not matter.
 */
public final class PostgresAdmissionActivities implements AdmissionActivities {
  private final RegistryDatabase database;
  private final Attempt attempt;

  public PostgresAdmissionActivities(RegistryDatabase database) {
    this(database, Attempt.OF_ACTIVITY);
  }

  public PostgresAdmissionActivities(RegistryDatabase database, Attempt attempt) {
    this.database = database;
    this.attempt = attempt;
  }

  @Override
  public Done admit(Admit request) {
    Decision decision =
        database.inTransaction(
            jdbc -> {
              List<Place> places = lockCaps(jdbc, request);
              forgetEnded(jdbc, request);
              if (prolong(jdbc, request)) {
                return new Decision(false, "");
              }
              Optional<String> full =
                  places.stream().flatMap(place -> full(jdbc, request, place).stream()).findFirst();
              if (full.isPresent()) {
                remember(jdbc, request, full.get());
                return new Decision(false, full.get());
              }
              places.forEach(place -> insert(jdbc, request, place));
              forgetWait(jdbc, request.site(), request.cap(), request.holder());
              return new Decision(true, "");
            });
    if (!decision.full().isEmpty()) {
      throw new FaultException(
          Fault.NO_ADMISSION,
          "Could not admit '%s' at site '%s'%s. It is asked again until there is room."
              .formatted(request.holder(), request.site(), decision.full()));
    }
    return new Done(decision.isNew(), attempt.number());
  }

  /**
   * What was decided; it is committed in either case.
   *
   * @param full where there is no room; empty when there is
   */
  private record Decision(boolean isNew, String full) {}

  @Override
  public Done dismiss(Dismiss request) {
    return database.inTransaction(
        jdbc -> {
          forgetWait(jdbc, request.site(), request.cap(), request.holder());
          int changed =
              jdbc.sql(
                      "delete from admission_lease where site = :site and cap = :cap and holder = :holder")
                  .param("site", request.site())
                  .param("cap", request.cap().name())
                  .param("holder", request.holder())
                  .update();
          return new Done(changed > 0, attempt.number());
        });
  }

  /** Where a cap holds: everywhere at the site, on a host, on a datastore. */
  private record Place(String name, int atMost) {}

  /**
   * Locks the caps that the holder's replica falls under, so that whoever asks next counts this
   * one, too; always in the same order, so that nobody waits for each other.
   */
  private static List<Place> lockCaps(JdbcClient jdbc, Admit request) {
    Placement placement = placement(jdbc, request);
    List<Place> places =
        jdbc.sql(
                """
                select place, at_most from site_cap
                where site = :site and cap = :cap and place in ('', :host, :datastore)
                order by place for update
                """)
            .param("site", request.site())
            .param("cap", request.cap().name())
            .param("host", SiteRows.host(placement.host()))
            .param("datastore", SiteRows.datastore(placement.datastore()))
            .query((row, number) -> new Place(row.getString("place"), row.getInt("at_most")))
            .list();
    if (places.isEmpty()) {
      throw new FaultException(
          Fault.INVALID_INPUT,
          "Could not admit '%s': the registry knows no cap %s of site '%s'. Add the site first: `switchback site add %s`."
              .formatted(request.holder(), request.cap(), request.site(), request.site()));
    }
    return places;
  }

  /** Where the replica that the holder works on stands, as far as the registry was told. */
  private static Placement placement(JdbcClient jdbc, Admit request) {
    return jdbc
        .sql(
            """
            select coalesce(nullif(r.placement ->> 'host', ''), s.host) as host,
                   coalesce(nullif(r.placement ->> 'datastore', ''), s.datastore) as datastore
            from replica r
            join site s on s.name = r.recovery_site
            where s.name = :site
              and (r.id = :holder
                   or r.id in (select replica_id from claim where operation_id = :holder))
            """)
        .param("holder", request.holder())
        .param("site", request.site())
        .query(
            (row, number) -> new Placement(row.getString("host"), row.getString("datastore"), ""))
        .stream()
        .findFirst()
        .orElse(Placement.ANYWHERE);
  }

  private static void forgetEnded(JdbcClient jdbc, Admit request) {
    jdbc.sql(
            """
            delete from admission_lease
            where site = :site and cap = :cap and ends_at <= clock_timestamp()
            """)
        .param("site", request.site())
        .param("cap", request.cap().name())
        .update();
    // Who asks at all asks every few seconds: what is older was given up.
    jdbc.sql(
            """
            delete from admission_wait
            where site = :site and cap = :cap
              and asked_at < clock_timestamp() - interval '1 minute'
            """)
        .param("site", request.site())
        .param("cap", request.cap().name())
        .update();
  }

  private static void remember(JdbcClient jdbc, Admit request, String full) {
    jdbc.sql(
            """
            insert into admission_wait (site, cap, holder, reason)
            values (:site, :cap, :holder, :reason)
            on conflict (site, cap, holder) do update
            set reason = excluded.reason, asked_at = clock_timestamp()
            """)
        .param("site", request.site())
        .param("cap", request.cap().name())
        .param("holder", request.holder())
        .param("reason", full.substring(2))
        .update();
  }

  private static void forgetWait(JdbcClient jdbc, String site, Cap cap, String holder) {
    jdbc.sql("delete from admission_wait where site = :site and cap = :cap and holder = :holder")
        .param("site", site)
        .param("cap", cap.name())
        .param("holder", holder)
        .update();
  }

  private static boolean prolong(JdbcClient jdbc, Admit request) {
    return jdbc.sql(
                """
                update admission_lease
                set ends_at = greatest(ends_at, clock_timestamp() + :millis * interval '1 ms')
                where site = :site and cap = :cap and holder = :holder
                """)
            .param("millis", request.limit().toMillis())
            .param("site", request.site())
            .param("cap", request.cap().name())
            .param("holder", request.holder())
            .update()
        > 0;
  }

  /** Where there is no room, as {@code ", datastore fast: 2 of at most 2 are starting already"}. */
  private static Optional<String> full(JdbcClient jdbc, Admit request, Place place) {
    int admitted =
        jdbc.sql(
                """
                select count(*) from admission_lease
                where site = :site and cap = :cap and place = :place
                """)
            .param("site", request.site())
            .param("cap", request.cap().name())
            .param("place", place.name())
            .query(Integer.class)
            .single();
    return admitted < place.atMost()
        ? Optional.empty()
        : Optional.of(
            "%s: %d of at most %d are %s already"
                .formatted(
                    place.name().isEmpty() ? "" : ", " + place.name().replace('/', ' '),
                    admitted,
                    place.atMost(),
                    words(request.cap())));
  }

  private static void insert(JdbcClient jdbc, Admit request, Place place) {
    jdbc.sql(
            """
            insert into admission_lease (site, cap, place, holder, admitted_at, ends_at)
            values (:site, :cap, :place, :holder, clock_timestamp(),
                    clock_timestamp() + :millis * interval '1 ms')
            """)
        .param("millis", request.limit().toMillis())
        .param("site", request.site())
        .param("cap", request.cap().name())
        .param("place", place.name())
        .param("holder", request.holder())
        .update();
  }

  private static String words(Cap cap) {
    return switch (cap) {
      case STARTING -> "starting";
      case TRANSFERRING -> "being sent to";
    };
  }
}
