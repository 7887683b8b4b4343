package io.switchback.worker.command;

import io.switchback.delta.trust.CertificateAuthority;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code --dir}, the same on every command that uses the authority. */
public final class AuthorityOption {
  @Mixin final HomeOption home = new HomeOption();

  @Option(
      names = "--dir",
      paramLabel = "<folder>",
      defaultValue = "${env:SWITCHBACK_CA}",
      description = "The authority's folder (else $SWITCHBACK_CA, else ca in the home directory).")
  private @Nullable Path directory;

  Path folder() {
    return directory == null ? home.home().directory().resolve("ca") : directory;
  }

  CertificateAuthority authority() {
    return new CertificateAuthority(folder(), InstantSource.system());
  }
}
