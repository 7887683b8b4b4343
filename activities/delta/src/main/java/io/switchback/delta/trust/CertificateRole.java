package io.switchback.delta.trust;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;

/**
 * What a certificate was made for. It says so in three places: its purposes, which every TLS
 * library looks at; the unit of its subject, which other programs can compare; and an alternative
 * name, {@code urn:switchback:<kind>:<name>}, which Switchback itself reads. No certificate does
 * for another role.
 */
public enum CertificateRole {
  /** Serves the disks of a site, and dials those of others. */
  SITE_WORKER("site worker", "site", "worker.pem", true, true),
  /** The provider's only door. */
  GATEWAY("cloud gateway", "gateway", "gateway.pem", true, false),
  /** Lets a tenant's appliance at production through the gateway, to the tenant's own appliance. */
  TENANT("tenant", "tenant", "tenant.pem", false, true),
  /** The end of a tenant's tunnel at the provider. */
  TUNNEL_SERVER("tunnel server", "tunnel-server", "tunnel-server.pem", true, false),
  /** The end of a tenant's tunnel at production. */
  TUNNEL_CLIENT("tunnel client", "tunnel-client", "tunnel-client.pem", false, true);

  /** What a tenant's appliance at production shows. */
  public static final List<CertificateRole> OF_TENANT_AT_PRODUCTION =
      List.of(TENANT, TUNNEL_CLIENT);

  /** What a tenant's appliance at the provider shows. */
  public static final List<CertificateRole> OF_TENANT_AT_PROVIDER = List.of(TUNNEL_SERVER);

  private static final String ORGANISATION = "Switchback";
  private static final Integer URI = 6;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,47}");
  private static final Pattern SITE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final String unit;
  private final String kind;
  private final String file;
  private final boolean serves;
  private final boolean dials;

  CertificateRole(String unit, String kind, String file, boolean serves, boolean dials) {
    this.unit = unit;
    this.kind = kind;
    this.file = file;
    this.serves = serves;
    this.dials = dials;
  }

  /** The unit in its subject, which is also what people call it. */
  public String unit() {
    return unit;
  }

  /** The name of the file that holds key and certificate. */
  public String file() {
    return file;
  }

  KeyPurposeId[] purposes() {
    return Stream.of(
            serves ? Stream.of(KeyPurposeId.id_kp_serverAuth) : Stream.<KeyPurposeId>empty(),
            dials ? Stream.of(KeyPurposeId.id_kp_clientAuth) : Stream.<KeyPurposeId>empty())
        .flatMap(purpose -> purpose)
        .toArray(KeyPurposeId[]::new);
  }

  static String organisation() {
    return ORGANISATION;
  }

  /**
   * The common name in its subject. Programs that know a server by that alone shall take nobody
   * else for the gateway, so it has a colon, which no other name has.
   */
  public String commonName(String name) {
    return this == GATEWAY ? "gateway:" + name : name;
  }

  /** The whole subject, as OpenVPN writes it and compares it with {@code verify-x509-name}. */
  public String subject(String name) {
    return "O=%s, OU=%s, CN=%s".formatted(ORGANISATION, unit, commonName(required(name)));
  }

  /**
   * Returns {@code name}.
   *
   * @throws TrustException if nothing of this role can be called so
   */
  public String required(String name) {
    Pattern allowed = this == SITE_WORKER ? SITE : NAME;
    if (!allowed.matcher(name).matches()) {
      throw new TrustException(
          "'%s' is no name of a %s: it must be of letters, digits, '.', '_' and '-', and at most %d of them."
              .formatted(name, bearer(), this == SITE_WORKER ? 64 : 48));
    }
    return name;
  }

  /** Whom its name is of. */
  public String bearer() {
    return switch (this) {
      case SITE_WORKER -> "site";
      case GATEWAY -> "gateway";
      case TENANT, TUNNEL_SERVER, TUNNEL_CLIENT -> "tenant";
    };
  }

  /** The command that makes another one for {@code name}. */
  String command(String name) {
    return "switchback ca %s %s".formatted(this == SITE_WORKER ? "issue" : bearer(), name);
  }

  boolean isOfTenants() {
    return bearer().equals(TENANT.bearer());
  }

  /** The alternative name for {@code name}. */
  String uri(String name) {
    return prefix() + required(name);
  }

  /** The name that {@code certificate} bears in this role; empty when it has none, or several. */
  public Optional<String> nameIn(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return Optional.empty();
      }
      List<String> found =
          names.stream()
              .filter(name -> URI.equals(name.get(0)) && name.get(1) instanceof String)
              .map(name -> (String) name.get(1))
              .filter(uri -> uri.startsWith(prefix()))
              .map(uri -> uri.substring(prefix().length()))
              .toList();
      return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    } catch (CertificateParsingException damaged) {
      return Optional.empty();
    }
  }

  /** As people type it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static CertificateRole ofWord(String word) {
    return Arrays.stream(values())
        .filter(role -> role.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no role is called " + word));
  }

  private String prefix() {
    return "urn:switchback:" + kind + ":";
  }
}
