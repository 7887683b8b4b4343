package io.switchback.worker.site;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.CredentialReference;
import io.switchback.model.SiteFinding;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks up credentials on this machine, so that the recovery side's are never asked of production.
 * Each use looks anew, so that a credential can be changed while workers run; what a command has
 * printed is used for {@value #REMEMBERED_SECONDS} s. Credentials are never logged and in no
 * message. Safe for use by several threads.
 */
public final class Credentials {
  /** A site is called many times a second; a vault need not be. */
  static final int REMEMBERED_SECONDS = 10;

  private static final Pattern REFERENCE = Pattern.compile("(file|env|command):");
  private static final int LARGEST_BYTES = 64 << 10;
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Map<String, String> environment;
  private final Duration commandLimit;
  private final Map<CredentialReference, Printed> printed = new ConcurrentHashMap<>();

  /** What a command printed, and when it is to be asked again. Has no words for a log. */
  private static final class Printed {
    final String secret;
    final long untilNanos;

    Printed(String secret, long untilNanos) {
      this.secret = secret;
      this.untilNanos = untilNanos;
    }
  }

  /** Why there is no credential; the message never holds one. */
  private static final class Missing extends Exception {
    private static final long serialVersionUID = 1L;

    Missing(String why) {
      super(why);
    }
  }

  /**
   * @param environment of this process
   * @param commandLimit within which a command must have printed the credential and ended
   */
  public Credentials(Map<String, String> environment, Duration commandLimit) {
    this.environment = Map.copyOf(environment);
    this.commandLimit = commandLimit;
  }

  /** With this process' environment; a command has 5 s. */
  public static Credentials ofThisMachine() {
    return new Credentials(System.getenv(), Duration.ofSeconds(5));
  }

  /**
   * Answers the credential that {@code reference} names, without blanks around it.
   *
   * @param site whose it is, for the message
   * @throws FaultException BAD_CREDENTIALS when it is not there
   */
  public String resolve(String site, CredentialReference reference) {
    Printed known = printed.get(reference);
    if (known != null && known.untilNanos - System.nanoTime() > 0) {
      return known.secret;
    }
    try {
      return lookUp(reference);
    } catch (Missing missing) {
      throw new FaultException(
          Fault.BAD_CREDENTIALS,
          "Could not log in to site '%s': %s. Put the credential there, or correct the worker's --credential, then retry."
              .formatted(site, missing.getMessage()));
    }
  }

  /**
   * What an option means whose value holds a secret, and which every user of the machine could read
   * among its processes: the value itself, or what a reference leads to.
   *
   * @param option for the message
   * @throws Refusal when the reference leads to nothing
   */
  public String ofOption(String option, String value) {
    if (!REFERENCE.matcher(value).lookingAt()) {
      return value;
    }
    try {
      return lookUp(CredentialReference.parse(value));
    } catch (Missing missing) {
      throw Refusal.usage(
          "%s cannot be had: %s. Put it there, or correct %s."
              .formatted(option, missing.getMessage(), option));
    } catch (IllegalArgumentException mistake) {
      throw Refusal.usage(option + ": " + mistake.getMessage());
    }
  }

  /** What is wrong with where the credential is kept; looks anew, whatever is remembered. */
  public List<SiteFinding> findings(String site, CredentialReference reference) {
    List<SiteFinding> found = new ArrayList<>();
    if (reference.source() == CredentialReference.Source.FILE) {
      Path file = Path.of(reference.target());
      String open = openTo(file);
      if (!open.isEmpty()) {
        found.add(
            SiteFinding.credentialExposed(
                site,
                "the file '%s' is open to %s".formatted(file, open),
                "Close it: `chmod 600 %s`; then change the credential, because somebody may have read it."
                    .formatted(file)));
      }
    }
    try {
      lookUp(reference);
    } catch (Missing missing) {
      found.add(SiteFinding.credentialMissing(site, String.valueOf(missing.getMessage())));
    }
    return List.copyOf(found);
  }

  private String lookUp(CredentialReference reference) throws Missing {
    String secret =
        switch (reference.source()) {
          case FILE -> ofFile(Path.of(reference.target()));
          case ENV -> environment.get(reference.target());
          case COMMAND -> ofCommand(reference.target());
        };
    if (secret == null) {
      throw new Missing(
          "this worker's environment has no variable '%s'".formatted(reference.target()));
    }
    if (secret.isBlank()) {
      throw new Missing("'%s' gives nothing".formatted(reference));
    }
    String stripped = secret.strip();
    if (reference.source() == CredentialReference.Source.COMMAND) {
      long until = System.nanoTime() + Duration.ofSeconds(REMEMBERED_SECONDS).toNanos();
      printed.put(reference, new Printed(stripped, until));
    }
    return stripped;
  }

  private static String ofFile(Path file) throws Missing {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LARGEST_BYTES + 1);
      if (bytes.length > LARGEST_BYTES) {
        throw new Missing("the file '%s' is larger than any credential".formatted(file));
      }
      return new String(bytes, UTF_8);
    } catch (NoSuchFileException none) {
      throw new Missing("there is no file '%s' on the worker's machine".formatted(file));
    } catch (AccessDeniedException denied) {
      throw new Missing(
          "the worker, running as '%s', may not read the file '%s'"
              .formatted(System.getProperty("user.name"), file));
    } catch (IOException unreadable) {
      throw new Missing(
          "the file '%s' cannot be read: %s".formatted(file, unreadable.getMessage()));
    }
  }

  private String ofCommand(String command) throws Missing {
    BoundedCommand.Outcome outcome =
        new BoundedCommand(List.of(command.split("\\s+")), commandLimit, LARGEST_BYTES).run();
    if (!outcome.problem().isEmpty()) {
      throw new Missing(
          "the command '%s' %s".formatted(command.split("\\s+")[0], outcome.problem()));
    }
    return outcome.printed();
  }

  private static String openTo(Path file) {
    Set<PosixFilePermission> rights = rights(file);
    if (rights == null) {
      return "";
    }
    Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
    open.retainAll(rights);
    if (open.isEmpty()) {
      return "";
    }
    return open.stream().anyMatch(right -> right.name().startsWith("OTHERS"))
        ? "everybody on the machine"
        : "its group";
  }

  private static @Nullable Set<PosixFilePermission> rights(Path file) {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (IOException | UnsupportedOperationException untold) {
      // That it is not there is told by looking it up.
      return null;
    }
  }
}
