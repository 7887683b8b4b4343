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
 * by tabs: serial, site, issued, expires, and of a revoked one when and why. The first line holds
 * the version and the number of the newest revocation list.
 *
 * @param listNumber of the newest revocation list
 */
record AuthorityRecords(long listNumber, List<IssuedCertificate> issued) {
  private static final String VERSION = "switchback-ca 1";

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
    if (!head[0].equals(VERSION)) {
      throw new IllegalArgumentException("not of version " + VERSION);
    }
    List<IssuedCertificate> issued = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      Optional<Revocation> revocation =
          cells.length == 4
              ? Optional.empty()
              : Optional.of(new Revocation(Instant.parse(cells[4]), Reason.valueOf(cells[5])));
      issued.add(
          new IssuedCertificate(
              new BigInteger(cells[0], 16).toString(16),
              cells[1],
              Instant.parse(cells[2]),
              Instant.parse(cells[3]),
              revocation));
    }
    return new AuthorityRecords(Long.parseLong(head[1]), issued);
  }

  String text() {
    StringBuilder text = new StringBuilder(VERSION).append('\t').append(listNumber).append('\n');
    for (IssuedCertificate one : issued) {
      text.append(one.serial()).append('\t').append(one.site());
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
