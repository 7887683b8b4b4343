package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens that a site accepts. The site's own lies in a file that only its owner can read; of
 * every other one the site keeps a digest. Safe for use by several threads.
 */
final class SiteTokens {
  /** The site's own token, for whoever can read its directory. */
  static final String OWN_FILE = "token";

  static final String FILE = "tokens.json";
  private static final Duration KEPT_AFTER_EXPIRY = Duration.ofDays(30);
  private static final int SECRET_BYTES = 32;

  private record Entry(String id, TokenKind kind, String sha256, @Nullable Instant expiresAt) {
    TokenView view(@Nullable String secret) {
      return new TokenView(id, kind, expiresAt, secret);
    }

    boolean isExpired(Instant now) {
      return expiresAt != null && !now.isBefore(expiresAt);
    }
  }

  private record Stored(List<Entry> tokens) {}

  private final String site;
  private final Path file;
  private final InstantSource clock;
  private final SecureRandom random = new SecureRandom();
  private final String guestSecret = secret();
  private final String ownDigest;
  private List<Entry> entries;

  private SiteTokens(
      String site, Path file, InstantSource clock, String ownDigest, List<Entry> entries) {
    this.site = site;
    this.file = file;
    this.clock = clock;
    this.ownDigest = ownDigest;
    this.entries = List.copyOf(entries);
  }

  /** Reads the site's tokens; a site without one of its own gets one. */
  static SiteTokens open(String site, Path directory, InstantSource clock) throws IOException {
    Files.createDirectories(directory);
    Path own = directory.resolve(OWN_FILE);
    if (!Files.exists(own)) {
      writePrivately(own, newSecret(new SecureRandom()) + "\n");
    }
    Path file = directory.resolve(FILE);
    List<Entry> entries =
        Files.exists(file) ? Json.read(Files.readAllBytes(file), Stored.class).tokens() : List.of();
    return new SiteTokens(
        site, file, clock, digest(Files.readString(own).strip()), new ArrayList<>(entries));
  }

  private static void writePrivately(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    FileAttribute<?> onlyOwner =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (FileChannel channel =
        FileChannel.open(
            fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), onlyOwner)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(false);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static String newSecret(SecureRandom random) {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return "lab_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private String secret() {
    return newSecret(random);
  }

  private static String digest(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** For guests in processes of their own: good for a guest's calls, until the daemon ends. */
  String forGuests() {
    return guestSecret;
  }

  /** Lets a guest's call pass. */
  void checkGuest(String secret) {
    if (!secret.equals(guestSecret)) {
      var _ = check(secret, "act as a guest", true);
    }
  }

  /**
   * Lets a call pass.
   *
   * @return whose token it is
   * @throws LabException WRONG_TOKEN, TOKEN_EXPIRED or READ_ONLY_TOKEN
   */
  synchronized TokenView check(String secret, String call, boolean mutates) {
    String digest = digest(secret);
    if (digest.equals(ownDigest)) {
      return new TokenView("own", TokenKind.FULL, null, null);
    }
    Entry entry =
        entries.stream()
            .filter(one -> one.sha256().equals(digest))
            .findFirst()
            .orElseThrow(() -> new LabException(LabFault.WRONG_TOKEN, wrong(secret)));
    if (entry.isExpired(clock.instant())) {
      throw new LabException(
          LabFault.TOKEN_EXPIRED,
          "Token '%s' of lab site '%s' expired at %s. Have a new one made: switchback lab token %s."
              .formatted(entry.id(), site, entry.expiresAt(), site));
    }
    if (mutates && entry.kind() == TokenKind.READ_ONLY) {
      throw new LabException(
          LabFault.READ_ONLY_TOKEN,
          "Token '%s' of lab site '%s' may only look, and '%s' changes something. Use a full token."
              .formatted(entry.id(), site, call));
    }
    return entry.view(null);
  }

  private String wrong(String secret) {
    return secret.isEmpty()
        ? "Lab site '%s' wants a token, and none came. Its own lies in the file '%s' of its directory."
            .formatted(site, OWN_FILE)
        : "The token is none that lab site '%s' knows. Check that it is this site's and was not taken back."
            .formatted(site);
  }

  /**
   * Makes a token.
   *
   * @param lifetime absent = it never expires
   */
  synchronized TokenView make(TokenKind kind, @Nullable Duration lifetime) throws IOException {
    if (lifetime != null && (lifetime.isNegative() || lifetime.isZero())) {
      throw new LabException(LabFault.BAD_REQUEST, "A token must live longer than no time at all.");
    }
    byte[] name = new byte[3];
    random.nextBytes(name);
    String secret = secret();
    Entry made =
        new Entry(
            "token-" + HexFormat.of().formatHex(name),
            kind,
            digest(secret),
            lifetime == null ? null : clock.instant().plus(lifetime));
    List<Entry> next = new ArrayList<>(entries);
    // An expired one is kept for a while, so that its bearer hears why it is refused.
    Instant forgotten = clock.instant().minus(KEPT_AFTER_EXPIRY);
    next.removeIf(one -> one.isExpired(forgotten));
    next.add(made);
    store(next);
    return made.view(secret);
  }

  synchronized List<TokenView> list() {
    return entries.stream().map(one -> one.view(null)).toList();
  }

  /** Takes a token back. */
  synchronized void revoke(String id) throws IOException {
    List<Entry> next = new ArrayList<>(entries);
    if (!next.removeIf(one -> one.id().equals(id))) {
      throw new LabException(
          LabFault.NO_SUCH_TOKEN,
          "Lab site '%s' has no token '%s', only %s."
              .formatted(site, id, entries.stream().map(Entry::id).toList()));
    }
    store(next);
  }

  private void store(List<Entry> next) throws IOException {
    writePrivately(file, new String(Json.write(new Stored(next)), StandardCharsets.UTF_8));
    entries = List.copyOf(next);
  }
}
