package io.switchback.worker.command;

import io.switchback.delta.trust.GrantKeys;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchback ca grant-key}: the pair that grants are signed with. */
@Command(
    name = "grant-key",
    mixinStandardHelpOptions = true,
    description = {
      "Make the key pair for grants. The private one signs, at the workers of the queue switchback, what one transfer may do;"
          + " site workers need the public one only.",
      "",
      "To change it: make another pair; give every site worker both public keys; then give the workers of switchback the new"
          + " private one; then take the old public one away."
    },
    footerHeading = "%nExample:%n",
    footer = "  switchback ca grant-key --out grant.key      and grant.key.pub")
public final class CaGrantKeyCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final HomeOption homeOption = new HomeOption();

  @Option(
      names = "--out",
      paramLabel = "<file>",
      required = true,
      description =
          "Write the private key there, readable by you alone, and the public one beside it with .pub."
              + " Files that are there are left alone.")
  private Path file = Path.of("");

  @Override
  public void run() {
    KeyPair keys = GrantKeys.make();
    Path open = file.resolveSibling(file.getFileName() + ".pub");
    if (Files.exists(open)) {
      throw there(open);
    }
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, GrantKeys.pem(keys.getPrivate()));
      Files.writeString(open, GrantKeys.pem(keys.getPublic()));
    } catch (FileAlreadyExistsException there) {
      throw there(file);
    } catch (IOException failure) {
      throw new Refusal(
          ExitCode.USAGE,
          "Could not write '%s': %s. Name another file with --out.".formatted(file, failure),
          failure);
    }
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.printf(
        "The key %s is in %s, its public half in %s.%n",
        GrantKeys.fingerprint(keys.getPublic()), file, open);
  }

  private static Refusal there(Path file) {
    return Refusal.usage(
        "The file '%s' is there already. Remove it or name another one with --out."
            .formatted(file));
  }
}
