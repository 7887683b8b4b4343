package io.switchback.worker.command;

import io.switchback.delta.trust.IssuedCertificate;
import io.switchback.port.Payloads;
import io.switchback.worker.run.TextTable;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code switchback ca list}: what was issued. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description =
        "Show every certificate that was issued, whether it is good, and which ends soon.")
public final class CaListCommand implements Runnable {
  private static final Duration SOON = Duration.ofDays(21);

  @Spec @Nullable CommandSpec spec;
  @Mixin final AuthorityOption authorityOption = new AuthorityOption();

  @Option(names = "--json", description = "Print one JSON object.")
  boolean json;

  /** One line, for programs. */
  record Line(
      String serial, String role, String name, Instant issuedAt, Instant expiresAt, String state) {}

  record Lines(List<Line> certificates) {}

  @Override
  public void run() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Instant now = Instant.now();
    List<Line> lines =
        authorityOption.authority().list().stream().map(one -> line(one, now)).toList();
    if (json) {
      out.println(Payloads.mapper().writeValueAsString(new Lines(lines)));
    } else if (lines.isEmpty()) {
      out.println("Nothing was issued yet: `switchback ca issue <site> --out <folder>`.");
    } else {
      TextTable table = new TextTable("SERIAL", "FOR", "NAME", "ISSUED", "ENDS", "STATE");
      for (Line line : lines) {
        table.row(
            line.serial(),
            line.role(),
            line.name(),
            line.issuedAt().toString(),
            line.expiresAt().toString(),
            line.state());
      }
      table.lines().forEach(out::println);
    }
  }

  static Line line(IssuedCertificate one, Instant now) {
    return new Line(
        one.serial(),
        one.role().word(),
        one.name(),
        one.issuedAt(),
        one.expiresAt(),
        state(one, now));
  }

  private static String state(IssuedCertificate one, Instant now) {
    if (one.revocation().isPresent()) {
      return "revoked: " + one.revocation().get().reason().word();
    }
    Duration left = Duration.between(now, one.expiresAt());
    if (left.isNegative()) {
      return "expired";
    }
    return left.compareTo(SOON) < 0 ? "ends in %d days: renew it".formatted(left.toDays()) : "good";
  }
}
