package io.switchback.worker;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.lab.LabClient;
import io.switchback.model.CredentialReference;
import io.switchback.model.SiteFinding;
import io.switchback.model.SiteKind;
import io.switchback.model.SiteSettings;
import io.switchback.model.VCenterAccess;
import io.switchback.registry.RegistryDatabase;
import io.switchback.registry.Sites;
import io.switchback.vsphere.OperationCaps;
import io.switchback.vsphere.VCenter;
import io.switchback.vsphere.VCenterSettings;
import io.switchback.vsphere.soap.Endpoint;
import io.switchback.vsphere.soap.Trust;
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
   * @param vcenter null on the lab
   */
  private record Login(
      String where, @Nullable CredentialReference credential, @Nullable VCenterAccess vcenter) {
    SiteKind kind() {
      return vcenter == null ? SiteKind.LAB : SiteKind.VSPHERE;
    }

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
            (site, where) ->
                known.put(
                    site,
                    new Login(
                        where, settings.credentials().get(site), settings.vcenters().get(site))));
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
        .kind(login.kind())
        .vcenter(login.vcenter())
        .build();
  }

  /** Clients of the lab sites that this worker was told of. */
  Map<String, LabClient> clients() {
    Map<String, LabClient> clients = new LinkedHashMap<>();
    known.keySet().forEach(site -> client(site).ifPresent(one -> clients.put(site, one)));
    return clients;
  }

  /** A client of a lab site; empty when there is no such site. */
  Optional<LabClient> client(String site) {
    return find(site)
        .filter(login -> login.kind() == SiteKind.LAB)
        .map(login -> client(site, login));
  }

  /** The vCenter of a site on vSphere; empty when there is no such site. */
  Optional<VCenter> vcenter(String site) {
    return find(site)
        .flatMap(
            login ->
                Optional.ofNullable(login.vcenter())
                    .map(access -> new VCenter(settings(site, login, access))));
  }

  private VCenterSettings settings(String site, Login login, VCenterAccess access) {
    return VCenterSettings.of(
            site,
            Endpoint.of(URI.create(login.where()).resolve("/sdk"), trust(access)),
            () -> new io.switchback.vsphere.Login(access.user(), secret(site, login)))
        .with(OperationCaps.Limits.of(access.operations(), access.operationsPerHost()));
  }

  private static Trust trust(VCenterAccess access) {
    String trust = access.trust();
    if (trust.isEmpty()) {
      return new Trust.Known();
    }
    String value = trust.substring(trust.indexOf(':') + 1);
    return trust.startsWith("file:") ? new Trust.Authorities(Path.of(value)) : new Trust.Pin(value);
  }

  /** The platform that the site runs on, as far as this worker or the registry knows the site. */
  SiteKind kind(String site) {
    return find(site).map(Login::kind).orElse(SiteKind.LAB);
  }

  /** As this worker was told, else as the registry says. */
  private Optional<Login> find(String site) {
    Login login = known.get(site);
    RegistryDatabase database = registry;
    if (login != null || database == null) {
      return Optional.ofNullable(login);
    }
    Optional<Login> found =
        new Sites(database)
            .find(site)
            .filter(settings -> !settings.address().isEmpty())
            .map(
                settings ->
                    new Login(settings.address(), settings.credential(), settings.vcenter()));
    found.ifPresent(one -> known.put(site, one));
    return found;
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
