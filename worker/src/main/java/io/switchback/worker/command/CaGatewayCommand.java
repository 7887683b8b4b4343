package io.switchback.worker.command;

import io.switchback.delta.trust.CertificateRole;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code switchback ca gateway}: by what tenants know the cloud gateway. */
@Command(
    name = "gateway",
    mixinStandardHelpOptions = true,
    description = {
      "Keep the certificate of a cloud gateway good: issue it where it is missing in the folder, and a successor when it was"
          + " revoked or is in the last third of its time. Otherwise it is left alone, so have this run once a day.",
      "",
      "Bring the folder to the gateway over a way that you trust; `switchback gateway apply` takes it from there without"
          + " cutting anybody off. Tenants know the gateway by its name, wherever it stands."
    },
    footerHeading = "%nExample:%n",
    footer = "  switchback ca gateway potsdam --out gateway")
public final class CaGatewayCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final AuthorityOption authorityOption = new AuthorityOption();
  @Mixin final LastingOption lasting = new LastingOption();
  @Mixin final SuccessorOption successor = new SuccessorOption();

  @Parameters(paramLabel = "<gateway>", description = "What tenants call it.")
  private String gateway = "";

  @Option(
      names = "--out",
      paramLabel = "<folder>",
      required = true,
      description = "Keep gateway.pem, ca.pem and crl.pem there.")
  private Path folder = Path.of("");

  @Override
  public void run() {
    successor.keep(
        authorityOption.authority(),
        CertificateRole.GATEWAY,
        gateway,
        lasting.duration(),
        folder,
        Objects.requireNonNull(spec).commandLine().getOut());
  }
}
