package io.switchback.worker.command;

import io.switchback.delta.trust.CertificateAuthority;
import io.switchback.worker.local.Refusal;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback ca issue}: a certificate for a worker of a site. */
@Command(
    name = "issue",
    mixinStandardHelpOptions = true,
    description = {
      "Make a key and a certificate for a worker of a site, and write what the worker needs into a folder that only you can"
          + " read.",
      "",
      "Give each worker a certificate of its own, so that one can be revoked without the others. The key is kept nowhere"
          + " else. Bring the folder to the worker's machine over a way that you trust."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  switchback ca issue berlin --out berlin-worker",
      "  switchback ca issue potsdam --out potsdam-worker --lasting 30d"
    })
public final class CaIssueCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final AuthorityOption authorityOption = new AuthorityOption();
  @Mixin final LastingOption lasting = new LastingOption();

  @Parameters(paramLabel = "<site>", description = "The site that it names.")
  private String site = "";

  @Option(
      names = "--out",
      paramLabel = "<folder>",
      required = true,
      description =
          "Write worker.pem, ca.pem and crl.pem there. A worker.pem that is there is left alone.")
  private Path folder = Path.of("");

  @Override
  public void run() {
    if (Files.exists(folder.resolve("worker.pem"))) {
      throw Refusal.usage(
          "'%s' holds a worker.pem already. Name another folder with --out, or renew that certificate with `switchback ca renew`."
              .formatted(folder));
    }
    CertificateAuthority authority = authorityOption.authority();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Duration time = lasting.duration();
    CaFiles.write(authority, authority.issue(site, time), folder, out);
  }
}
