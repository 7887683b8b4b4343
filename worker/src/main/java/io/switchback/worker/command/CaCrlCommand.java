package io.switchback.worker.command;

import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchback ca crl}: the revocation list. */
@Command(
    name = "crl",
    mixinStandardHelpOptions = true,
    description = {
      "Write the revocation list anew and print it or put it into a file.",
      "",
      "It is no secret: PEM, which other programs read too. A worker whose list is older than 30 days still obeys it, and"
          + " says in its log that it is old: have this run once a week."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback ca crl --out berlin-worker/crl.pem",
      "  switchback ca crl | ssh berlin-worker 'cat > crl.new && mv crl.new /etc/switchback/worker/crl.pem'"
    })
public final class CaCrlCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final AuthorityOption authorityOption = new AuthorityOption();

  @Option(
      names = "--out",
      paramLabel = "<file>",
      description = "Write it there instead of printing it; what is there is replaced at once.")
  private @Nullable Path file;

  @Override
  public void run() {
    String list = authorityOption.authority().revocationList();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (file == null) {
      out.print(list);
      out.flush();
      return;
    }
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(whole, list);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failure) {
      throw new Refusal(
          ExitCode.USAGE,
          "Could not write '%s': %s. Name another file with --out.".formatted(file, failure),
          failure);
    }
    out.printf("The revocation list is in %s.%n", file);
  }
}
