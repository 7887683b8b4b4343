package io.switchback.worker.command;

import io.switchback.lab.LabClient;
import io.switchback.lab.TokenKind;
import io.switchback.lab.TokenView;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.run.TextTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback lab token}: who may call a lab site. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = {
      "Make a token for a lab site, and print it this once or write it to a file that only you can read.",
      "",
      "A site lets nobody call it without one. Commands and workers that can read the site's directory use the"
          + " site's own; workers elsewhere are given one with --credential."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback lab token berlin --file /run/secrets/berlin",
      "  switchback lab token berlin --read-only --expires 1h",
      "  switchback lab token berlin --list",
      "  switchback lab token berlin --take-back token-3f9a01"
    })
public final class LabTokenCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();

  @Parameters(paramLabel = "<site>", description = "The lab site.")
  String site = "";

  @Option(
      names = "--read-only",
      description = "One that may look and read disks, and change nothing.")
  boolean readOnly;

  @Option(
      names = "--expires",
      paramLabel = "<time>",
      converter = DurationConverter.class,
      description = "How long it is good, as in 1h or 30d; else for ever.")
  @Nullable Duration lifetime;

  @Option(
      names = "--file",
      paramLabel = "<file>",
      description = "Write it there instead of printing it. A file that is there is left alone.")
  @Nullable Path file;

  @Option(names = "--list", description = "List the tokens that were made, without their secrets.")
  boolean list;

  @Option(
      names = "--take-back",
      paramLabel = "<id>",
      description = "From now on this token is a wrong one.")
  @Nullable String revoked;

  @Override
  public void run() {
    try (Connections connections =
            new Connections(homeOption.home().services().read(), null, null, null);
        LabClient client = connections.site(site)) {
      PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
      if (list) {
        list(client, out);
      } else if (revoked != null) {
        client.revokeToken(revoked);
        out.printf("Token '%s' of %s is taken back.%n", revoked, site);
      } else {
        make(client, out);
      }
    }
  }

  private void make(LabClient client, PrintWriter out) {
    if (file != null && Files.exists(file)) {
      throw there(file);
    }
    TokenView made = client.makeToken(readOnly ? TokenKind.READ_ONLY : TokenKind.FULL, lifetime);
    String secret = Objects.requireNonNull(made.secret());
    if (file == null) {
      out.println(secret);
      return;
    }
    write(client, made.id(), file, secret);
    out.printf("%s, %s, is in %s.%n", made.id(), facts(made), file);
  }

  private static void write(LabClient client, String id, Path file, String secret) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, secret + "\n");
    } catch (IOException failure) {
      // A token that nobody has is none to leave behind.
      client.revokeToken(id);
      throw failure instanceof FileAlreadyExistsException
          ? there(file)
          : Refusal.usage(
              "Could not write '%s': %s. The token was taken back."
                  .formatted(file, failure.getMessage()));
    }
  }

  private static Refusal there(Path file) {
    return Refusal.usage(
        "The file '%s' is there already. Remove it or name another one.".formatted(file));
  }

  private static String facts(TokenView token) {
    return (token.kind() == TokenKind.FULL ? "full" : "read-only")
        + (token.expiresAt() == null ? "" : ", until " + seconds(token.expiresAt()));
  }

  private static Instant seconds(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS);
  }

  private void list(LabClient client, PrintWriter out) {
    TextTable table = new TextTable("TOKEN", "MAY", "UNTIL");
    for (TokenView token : client.tokens()) {
      Instant end = token.expiresAt();
      table.row(
          token.id(),
          token.kind() == TokenKind.FULL ? "do everything" : "look",
          end == null
              ? "it is taken back"
              : seconds(end) + (end.isBefore(Instant.now()) ? " (expired)" : ""));
    }
    if (table.isEmpty()) {
      out.printf("Only the site's own token opens %s.%n", site);
    } else {
      table.lines().forEach(out::println);
    }
  }
}
