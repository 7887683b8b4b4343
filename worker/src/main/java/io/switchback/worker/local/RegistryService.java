package io.switchback.worker.local;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Brings up the PostgreSQL of the registry, or takes the one that was given. */
public final class RegistryService {
  private final Home home;
  private final EmbeddedPostgres embedded;
  private final Consumer<String> notices;

  public RegistryService(Home home, Cache cache, Consumer<String> notices) {
    this.home = home;
    this.embedded = new EmbeddedPostgres(home, cache);
    this.notices = notices;
  }

  /**
   * Answers where the registry's PostgreSQL is: at {@code jdbcUrl} if one is given (not asked
   * whether it answers), else an embedded one that runs.
   *
   * @throws Refusal if the URL is not one of PostgreSQL, or the embedded one does not start
   */
  public RegistryAddress start(@Nullable String jdbcUrl) {
    if (jdbcUrl == null) {
      RegistryAddress address = embedded.start();
      notices.accept("PostgreSQL: embedded, data in " + home.data().resolve("postgres"));
      return address;
    }
    if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
      throw Refusal.usage(
          "The registry's address must be a JDBC URL of PostgreSQL, for example jdbc:postgresql://db.example:5432/switchback?user=switchback.");
    }
    RegistryAddress address = new RegistryAddress(RegistryAddress.Kind.GIVEN, jdbcUrl);
    home.prepare().services().update(services -> services.withRegistry(address));
    notices.accept("PostgreSQL: the given one");
    return address;
  }

  /** Where this home's registry was last; empty if none was started or given. */
  public Optional<RegistryAddress> known() {
    return Optional.ofNullable(home.services().read().registry());
  }

  /** Stops the embedded one. If it does not run, does nothing. */
  public boolean stop() {
    return embedded.stop();
  }
}
