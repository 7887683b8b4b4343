package io.switchback.worker.command;

import io.switchback.fault.FaultException;
import io.switchback.lab.LabClient;
import io.switchback.lab.LabSites;
import io.switchback.registry.RegistryDatabase;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.local.RegistryAddress;
import io.switchback.worker.local.RegistryLogin;
import io.switchback.worker.local.Services;
import io.switchback.worker.local.SiteAddress;
import io.switchback.worker.local.TemporalAddress;
import io.switchback.worker.run.TemporalConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a command is connected to. Each is opened when it is first asked for. */
final class Connections implements AutoCloseable {
  private static final int TEMPORAL_PORT = 7233;
  static final Duration SITE_LIMIT = Duration.ofSeconds(5);

  private final Services services;
  private final @Nullable String givenTemporal;
  private final @Nullable String givenUi;
  private final @Nullable String givenRegistry;

  private @Nullable TemporalConnection temporal;
  private @Nullable RegistryDatabase registry;
  private @Nullable LabSites sites;

  Connections(
      Services services,
      @Nullable String givenTemporal,
      @Nullable String givenUi,
      @Nullable String givenRegistry) {
    this.services = services;
    this.givenTemporal = givenTemporal;
    this.givenUi = givenUi;
    this.givenRegistry = givenRegistry;
  }

  /** Where Temporal is; empty when none was given or started. */
  Optional<TemporalAddress> temporalAddress() {
    if (givenTemporal != null) {
      String target = HostPort.parse(givenTemporal, TEMPORAL_PORT).toString();
      return Optional.of(new TemporalAddress(TemporalAddress.Kind.ADDRESS, target, givenUi));
    }
    return Optional.ofNullable(services.temporal())
        .map(known -> givenUi == null ? known : withUi(known, givenUi));
  }

  /** Where the registry is; empty when none was given or started. */
  Optional<RegistryAddress> registryAddress() {
    return givenRegistry == null
        ? Optional.ofNullable(services.registry())
        : Optional.of(new RegistryAddress(RegistryAddress.Kind.GIVEN, givenRegistry));
  }

  /**
   * @throws Refusal if none is known or it does not serve
   */
  TemporalConnection temporal() {
    if (temporal == null) {
      temporal =
          TemporalConnection.open(
              temporalAddress()
                  .orElseThrow(
                      () ->
                          Refusal.unreachable(
                              "No Temporal is known here. Start one with `switchback temporal start`, or give its address with --temporal.")));
    }
    return temporal;
  }

  /**
   * @throws Refusal if none is known or it does not answer
   */
  RegistryDatabase registry() {
    if (registry == null) {
      RegistryAddress address =
          registryAddress()
              .orElseThrow(
                  () ->
                      Refusal.unreachable(
                          "No registry is known here. `switchback site add` starts an embedded one; or give an address with --registry."));
      try {
        registry = RegistryDatabase.open(RegistryLogin.of(address.jdbcUrl()));
      } catch (FaultException away) {
        throw new Refusal(ExitCode.UNREACHABLE, away.sentence(), away);
      }
    }
    return registry;
  }

  /** The lab sites that were started from the home. */
  LabSites sites() {
    if (sites == null) {
      sites =
          new LabSites(
              services.sites().values().stream()
                  .collect(Collectors.toMap(SiteAddress::name, Connections::client)));
    }
    return sites;
  }

  /**
   * A client of the lab site called {@code name}; the caller closes it.
   *
   * @throws Refusal if the home knows no such site
   */
  LabClient site(String name) {
    SiteAddress site = services.sites().get(name);
    if (site == null) {
      throw Refusal.usage(
          "No lab site '%s' was started from this home; there %s. Start it with `switchback lab start %s`."
              .formatted(
                  name,
                  services.sites().isEmpty()
                      ? "is none"
                      : "are "
                          + String.join(", ", services.sites().keySet().stream().sorted().toList()),
                  name));
    }
    return client(site);
  }

  /** Address of each lab site, by name. */
  Map<String, String> siteAddresses() {
    return services.sites().values().stream()
        .collect(Collectors.toMap(SiteAddress::name, SiteAddress::address));
  }

  /** Closes what was opened; a service that is away does not hold it up. */
  @Override
  public void close() {
    closeIfOpen(temporal, TemporalConnection::close);
    closeIfOpen(registry, RegistryDatabase::close);
    closeIfOpen(sites, LabSites::close);
    temporal = null;
    registry = null;
    sites = null;
  }

  private static LabClient client(SiteAddress site) {
    return LabClient.of(Path.of(site.directory())).withAnswerLimit(SITE_LIMIT);
  }

  private static TemporalAddress withUi(TemporalAddress address, String ui) {
    return new TemporalAddress(address.kind(), address.address(), ui);
  }

  private interface Closing<T> {
    void close(T open);
  }

  private static <T> void closeIfOpen(@Nullable T open, Closing<T> closing) {
    if (open != null) {
      closing.close(open);
    }
  }
}
