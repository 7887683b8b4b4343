package io.switchback.delta.trust;

import io.switchback.delta.trust.IssuedCertificate.Reason;
import io.switchback.delta.trust.IssuedCertificate.Revocation;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code issued} of an authority: what it has issued and taken back. One line each, parted
 * by tabs: serial, role, name, issued, expires, and of a revoked one when and why. The first line
 * holds the version and the number of the newest revocation list. In version 1 there were no roles:
 * all were of site workers.
 *
 * @param listNumber of the newest revocation list
 */
record AuthorityRecords(long listNumber, List<IssuedCertificate> issued) {
  private static final String WITHOUT_ROLES = "switchback-ca 1";
  private static final String VERSION = "switchback-ca 2";

  AuthorityRecords {
    issued = List.copyOf(issued);
  }

  static AuthorityRecords none() {
    return new AuthorityRecords(0, List.of());
  }

  /** What {@code file} holds; empty when it is not there. */
  static Optional<AuthorityRecords> read(Path file) throws IOException {
    try {
      return Optional.of(parse(Files.readAllLines(file)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException damaged) {
      throw new TrustException(
          "Could not read '%s': it is damaged. Restore it from a backup; until then nothing is issued or revoked."
              .formatted(file),
          damaged);
    }
  }

  private static AuthorityRecords parse(List<String> lines) {
    String[] head = lines.getFirst().split("\t", -1);
    boolean hasRoles = head[0].equals(VERSION);
    if (!hasRoles && !head[0].equals(WITHOUT_ROLES)) {
      throw new IllegalArgumentException("not of version " + VERSION);
    }
    List<IssuedCertificate> issued = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = new ArrayList<>(List.of(line.split("\t", -1)));
      if (!hasRoles) {
        cells.add(1, CertificateRole.SITE_WORKER.word());
      }
      Optional<Revocation> revocation =
          cells.size() == 5
              ? Optional.empty()
              : Optional.of(
                  new Revocation(Instant.parse(cells.get(5)), Reason.valueOf(cells.get(6))));
      issued.add(
          new IssuedCertificate(
              new BigInteger(cells.get(0), 16).toString(16),
              CertificateRole.ofWord(cells.get(1)),
              cells.get(2),
              Instant.parse(cells.get(3)),
              Instant.parse(cells.get(4)),
              revocation));
    }
    return new AuthorityRecords(Long.parseLong(head[1]), issued);
  }

  String text() {
    StringBuilder text = new StringBuilder(VERSION).append('\t').append(listNumber).append('\n');
    for (IssuedCertificate one : issued) {
      text.append(one.serial()).append('\t').append(one.role().word());
      text.append('\t').append(one.name());
      text.append('\t').append(one.issuedAt()).append('\t').append(one.expiresAt());
      one.revocation()
          .ifPresent(
              revoked ->
                  text.append('\t').append(revoked.at()).append('\t').append(revoked.reason()));
      text.append('\n');
    }
    return text.toString();
  }

  Optional<IssuedCertificate> find(String serial) {
    return issued.stream().filter(one -> one.serial().equals(serial)).findFirst();
  }

  /** With {@code one} in the place of the one with its serial, or at the end. */
  AuthorityRecords with(IssuedCertificate one) {
    List<IssuedCertificate> changed = new ArrayList<>(issued);
    changed.replaceAll(known -> known.serial().equals(one.serial()) ? one : known);
    if (!changed.contains(one)) {
      changed.add(one);
    }
    return new AuthorityRecords(listNumber, changed);
  }

  AuthorityRecords withNextList() {
    return new AuthorityRecords(listNumber + 1, issued);
  }
}
