package io.switchback.worker;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lab.LabClient;
import io.switchback.model.CredentialReference;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteSettings;
import io.switchback.registry.RegistryDatabase;
import io.switchback.registry.Sites;
import io.switchback.worker.site.Credentials;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * How this worker reaches sites: as it was told, else as the registry says, for a worker that has
 * one. Credentials are looked up on this machine at each use.
 */
final class SiteLogins {
  private final Credentials credentials = Credentials.ofThisMachine();
  private final Map<String, Login> known = new ConcurrentHashMap<>();
  private volatile @Nullable RegistryDatabase registry;

  /**
   * @param where URL of the hypervisor, or the directory of a lab site on this machine
   */
  private record Login(String where, @Nullable CredentialReference credential) {
    boolean isUrl() {
      return where.matches("https?:.*");
    }

    /** In its directory a lab site keeps a token of its own. */
    Optional<CredentialReference> reference() {
      if (credential != null || isUrl()) {
        return Optional.ofNullable(credential);
      }
      Path token = Path.of(where).toAbsolutePath().normalize().resolve("token");
      return Optional.of(
          new CredentialReference(CredentialReference.Source.FILE, token.toString()));
    }
  }

  SiteLogins(WorkerSettings settings) {
    settings
        .sites()
        .forEach(
            (site, where) -> known.put(site, new Login(where, settings.credentials().get(site))));
  }

  /**
   * From now on sites that this worker was not told of are looked up in the registry; those that it
   * was told of become known there, unless they are already.
   */
  void use(RegistryDatabase database) {
    new Sites(database)
        .addUnknown(
            known.entrySet().stream().map(one -> settings(one.getKey(), one.getValue())).toList());
    registry = database;
  }

  private static SiteSettings settings(String site, Login login) {
    return SiteSettings.named(site)
        .address(login.isUrl() ? login.where() : "")
        .credential(login.reference().orElse(null))
        .build();
  }

  /** Clients of the sites that this worker was told of. */
  Map<String, LabClient> clients() {
    Map<String, LabClient> clients = new LinkedHashMap<>();
    known.forEach((site, login) -> clients.put(site, client(site, login)));
    return clients;
  }

  /**
   * A client of a site that this worker was not told of; empty when the registry knows no address.
   */
  Optional<LabClient> fromRegistry(String site) {
    RegistryDatabase database = registry;
    if (database == null) {
      return Optional.empty();
    }
    return new Sites(database)
        .find(site)
        .filter(settings -> !settings.address().isEmpty())
        .map(settings -> new Login(settings.address(), settings.credential()))
        .map(
            login -> {
              known.put(site, login);
              return client(site, login);
            });
  }

  /** What is wrong with where this machine keeps the credential for the site. */
  List<SiteFinding> findings(String site) {
    Login login = known.get(site);
    if (login == null) {
      return List.of();
    }
    return login
        .reference()
        .map(reference -> credentials.findings(site, reference))
        .orElseGet(
            () ->
                List.of(
                    SiteFinding.credentialMissing(site, "this worker was told of none for it")));
  }

  private LabClient client(String site, Login login) {
    return login.isUrl()
        ? LabClient.at(URI.create(login.where()), () -> secret(site, login))
        : LabClient.of(Path.of(login.where()), () -> secret(site, login));
  }

  private String secret(String site, Login login) {
    return login
        .reference()
        .map(reference -> credentials.resolve(site, reference))
        .orElseThrow(
            () ->
                new FaultException(
                    Fault.BAD_CREDENTIALS,
                    "Could not log in to site '%s': this worker knows the site by its URL and has no credential for it. Start the worker with --credential %s=file:<path>, then retry."
                        .formatted(site, site)));
  }
}
