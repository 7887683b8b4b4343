package io.switchback.worker.command;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchback ca init}: an authority where there is none. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    description = {
      "Make an authority: a key that never leaves its folder, a certificate good for ten years, and an empty revocation"
          + " list.",
      "",
      "An authority that is there already is left alone."
    })
public final class CaInitCommand implements Runnable {
  @Spec @Nullable CommandSpec spec;
  @Mixin final AuthorityOption authorityOption = new AuthorityOption();

  @Option(
      names = "--name",
      paramLabel = "<name>",
      defaultValue = "Switchback",
      description = "What people see of it in its certificate (else ${DEFAULT-VALUE}).")
  private String name = "";

  @Override
  public void run() {
    Instant end = authorityOption.authority().init(name);
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    out.printf("The authority is in %s and good until %s.%n", authorityOption.folder(), end);
    out.println(
        "Back the folder up where only you can read it. Next: `switchback ca issue <site> --out <folder>`.");
  }
}
