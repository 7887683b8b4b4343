package io.switchback.delta.trust;

import io.switchback.delta.trust.IssuedCertificate.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Switchback's own small authority: a folder that only its owner can read, with the key ({@code
 * ca.key}), the certificate ({@code ca.pem}), what was issued ({@code issued}) and the newest
 * revocation list ({@code crl.pem}). Several processes may use it at once.
 *
 * <p>What is issued is written down first: whoever dies on the way leaves a line too many, never a
 * certificate that nobody knows of. Private keys of those that it certifies are not kept.
 */
public final class CertificateAuthority {
  /** How long a certificate is good unless something else is said. */
  public static final Duration USUALLY_LASTS = Duration.ofDays(90);

  private final Path folder;
  private final InstantSource clock;

  public CertificateAuthority(Path folder, InstantSource clock) {
    this.folder = folder.toAbsolutePath().normalize();
    this.clock = clock;
  }

  /** What is handed to one holder, all of it PEM. */
  public record Issued(IssuedCertificate certificate, CertificateFiles files) {}

  private record Own(PrivateKey key, X509Certificate certificate, AuthorityRecords records) {}

  /**
   * Makes the authority.
   *
   * @param name that its certificate shows to people
   * @return until when it can issue
   * @throws TrustException if there is one already: whoever lost its key makes another one
   *     elsewhere
   */
  public Instant init(String name) {
    return exclusively(
        "make an authority",
        () -> {
          if (AuthorityRecords.read(records()).isPresent()) {
            throw new TrustException(
                "There is an authority in '%s' already. Use it, or name another folder with --dir."
                    .formatted(folder));
          }
          KeyPair keys = Certificates.makeKeys();
          X509Certificate certificate = Certificates.authority(name, newSerial(), keys, now());
          // The records come last: without them there is no authority, and init begins anew.
          OwnFiles.replace(
              folder.resolve("ca.key"), Pem.text(Pem.PRIVATE_KEY, keys.getPrivate().getEncoded()));
          OwnFiles.replace(folder.resolve("ca.pem"), Pem.text(certificate));
          Own own = new Own(keys.getPrivate(), certificate, AuthorityRecords.none());
          writeList(own);
          return certificate.getNotAfter().toInstant();
        });
  }

  /**
   * Issues a certificate for a worker of {@code site}, with a new key. Others of that site stay
   * good.
   *
   * @param lasting at most as long as the authority itself
   */
  public Issued issue(String site, Duration lasting) {
    return issue(CertificateRole.SITE_WORKER, site, lasting);
  }

  /**
   * Issues a certificate for {@code name} in {@code role}, with a new key. Others of it stay good.
   *
   * @param lasting at most as long as the authority itself
   */
  public Issued issue(CertificateRole role, String name, Duration lasting) {
    String named = role.required(name);
    return using(
        "issue a certificate for %s %s".formatted(role.bearer(), named),
        () -> issued(own(), role, named, lasting));
  }

  /**
   * Issues another certificate for the same name and role. The old one stays good until it ends or
   * is revoked, so that its holder can change while it runs.
   *
   * @throws TrustException if there is none with that serial, or it is revoked
   */
  public Issued renew(String serial, Duration lasting) {
    return using(
        "renew certificate " + serial,
        () -> {
          Own own = own();
          IssuedCertificate old = find(own, serial);
          if (old.revocation().isPresent()) {
            throw new TrustException(
                "Could not renew certificate %s of %s '%s': it was revoked. Issue a new one with `%s`."
                    .formatted(
                        serial, old.role().bearer(), old.name(), old.role().command(old.name())));
          }
          return issued(own, old.role(), old.name(), lasting);
        });
  }

  /**
   * Takes a certificate back; it stands on the list from then on. If it was revoked before, writes
   * the list again and answers the same.
   *
   * @throws TrustException if there is none with that serial
   */
  public IssuedCertificate revoke(String serial, Reason reason) {
    return using(
        "revoke certificate " + serial,
        () -> {
          Own own = own();
          IssuedCertificate known = find(own, serial);
          IssuedCertificate revoked =
              known.revocation().isPresent() ? known : known.revoked(now(), reason);
          writeList(new Own(own.key(), own.certificate(), own.records().with(revoked)));
          return revoked;
        });
  }

  /**
   * Takes back all that a tenant has. What was revoked before stays as it is.
   *
   * @return those that were good until now
   * @throws TrustException if nothing was ever issued for that tenant
   */
  public List<IssuedCertificate> revokeTenant(String tenant, Reason reason) {
    return using(
        "revoke the certificates of tenant " + tenant,
        () -> {
          Own own = own();
          List<IssuedCertificate> all =
              own.records().issued().stream()
                  .filter(one -> one.role().isOfTenants() && one.name().equals(tenant))
                  .toList();
          if (all.isEmpty()) {
            throw new TrustException(
                "No certificate of a tenant '%s' was issued in '%s'. `switchback ca list` shows all of them."
                    .formatted(tenant, folder));
          }
          List<IssuedCertificate> revoked = new ArrayList<>();
          AuthorityRecords records = own.records();
          for (IssuedCertificate one : all) {
            if (one.revocation().isEmpty()) {
              revoked.add(one.revoked(now(), reason));
              records = records.with(revoked.getLast());
            }
          }
          writeList(new Own(own.key(), own.certificate(), records));
          return List.copyOf(revoked);
        });
  }

  /** Everything that was ever issued, in that order. */
  public List<IssuedCertificate> list() {
    return using("list the certificates", () -> own().records().issued());
  }

  /** Writes a new revocation list, new for another 30 days, and answers its PEM. */
  public String revocationList() {
    return using("write the revocation list", () -> writeList(own()));
  }

  /** The authority's own certificate, as PEM. */
  public String certificate() {
    return using("read the authority's certificate", () -> Pem.text(own().certificate()));
  }

  private Issued issued(Own own, CertificateRole role, String name, Duration lasting)
      throws IOException, GeneralSecurityException {
    Instant now = now();
    Instant end = own.certificate().getNotAfter().toInstant();
    if (lasting.compareTo(Duration.ofHours(1)) < 0 || now.plus(lasting).isAfter(end)) {
      throw new TrustException(
          "A certificate is good for at least an hour and at most until %s, when the authority's own ends, but %s was asked for."
              .formatted(end, lasting));
    }
    KeyPair keys = Certificates.makeKeys();
    BigInteger serial = newSerial();
    X509Certificate certificate =
        Certificates.of(
            role,
            name,
            serial,
            keys.getPublic(),
            now,
            now.plus(lasting),
            own.certificate(),
            own.key());
    IssuedCertificate issued =
        new IssuedCertificate(
            serial.toString(16), role, name, now, now.plus(lasting), Optional.empty());
    OwnFiles.replace(records(), own.records().with(issued).text());
    String key = Pem.text(Pem.PRIVATE_KEY, keys.getPrivate().getEncoded());
    return new Issued(
        issued,
        new CertificateFiles(
            role,
            key + Pem.text(certificate) + Pem.text(own.certificate()),
            Pem.text(own.certificate()),
            Files.readString(folder.resolve("crl.pem"))));
  }

  private String writeList(Own own) throws IOException, GeneralSecurityException {
    AuthorityRecords next = own.records().withNextList();
    X509CRL list =
        Certificates.revocationList(
            next.issued(),
            BigInteger.valueOf(next.listNumber()),
            now(),
            own.certificate(),
            own.key());
    String pem = Pem.text(list);
    // Whoever dies between these two revokes again, which writes the list.
    OwnFiles.replace(records(), next.text());
    OwnFiles.replace(folder.resolve("crl.pem"), pem);
    return pem;
  }

  private Own own() throws IOException, GeneralSecurityException {
    AuthorityRecords records = AuthorityRecords.read(records()).orElseThrow(this::absent);
    byte[] key = Pem.block(Files.readString(folder.resolve("ca.key")), Pem.PRIVATE_KEY);
    List<X509Certificate> certificates =
        Pem.certificates(Files.readString(folder.resolve("ca.pem")));
    if (certificates.size() != 1) {
      throw new GeneralSecurityException("ca.pem does not hold one certificate");
    }
    return new Own(
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
        certificates.getFirst(),
        records);
  }

  private IssuedCertificate find(Own own, String serial) {
    return own.records()
        .find(serial)
        .orElseThrow(
            () ->
                new TrustException(
                    "No certificate with serial '%s' was issued in '%s'. `switchback ca list` shows all of them."
                        .formatted(serial, folder)));
  }

  private Path records() {
    return folder.resolve("issued");
  }

  /** Certificates know whole seconds only. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private static BigInteger newSerial() {
    // 127 bits and never zero, as the rules for public authorities ask.
    return new BigInteger(126, new SecureRandom()).setBit(126);
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException, GeneralSecurityException;
  }

  private <T> T using(String what, Work<T> work) {
    if (!Files.exists(records())) {
      throw absent();
    }
    return exclusively(what, work);
  }

  private TrustException absent() {
    return new TrustException(
        "There is no authority in '%s'. Make one with `switchback ca init`, or name its folder with --dir."
            .formatted(folder));
  }

  private <T> T exclusively(String what, Work<T> work) {
    try {
      return OwnFiles.exclusively(
          folder,
          () -> {
            try {
              return work.run();
            } catch (GeneralSecurityException damaged) {
              throw new TrustException(
                  "Could not %s: the key or the certificate in '%s' cannot be used: %s. Restore the folder from a backup."
                      .formatted(what, folder, damaged.getMessage()),
                  damaged);
            }
          });
    } catch (NoSuchFileException gone) {
      throw new TrustException(
          "Could not %s: the file '%s' is gone. Restore the folder from a backup."
              .formatted(what, gone.getMessage()),
          gone);
    } catch (IOException failure) {
      throw new TrustException(
          "Could not %s in '%s': %s. Look who owns the folder and whether its disk is full, then try again."
              .formatted(what, folder, failure),
          failure);
    }
  }
}
