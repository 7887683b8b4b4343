package io.switchback.appliance;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What there is of one end of a tunnel.
 *
 * @param present everything there is, a line each, with its kind first: {@code process}, {@code
 *     interface}, {@code rule}, {@code route}, {@code neighbour}, {@code setting}, {@code file}
 * @param lacking what was made and is gone, in the same words; OpenVPN has a life of its own and is
 *     not among it
 * @param peer how the other end answers through the tunnel; empty when there is no interface
 * @param lastWord what OpenVPN last said of how it gets on; empty when it said nothing
 */
public record TunnelView(
    List<String> present, List<String> lacking, Optional<Peer> peer, String lastWord) {
  private static final Set<String> KINDS =
      Set.of("process", "interface", "rule", "route", "filter", "neighbour", "setting", "file");
  private static final String LACKS = "lacks ";

  /** When it was said, and to whom: what is said again and again stays the same news. */
  private static final Pattern STAMP =
      Pattern.compile("^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d (us=\\d+ )?([\\d.]+:\\d+ )?");

  public TunnelView {
    present = List.copyOf(present);
    lacking = List.copyOf(lacking);
  }

  /**
   * The other end, asked through the tunnel.
   *
   * @param roundTrip mean of the answers; zero when there was none
   */
  public record Peer(int asked, int answered, Duration roundTrip) {}

  /** Whether OpenVPN runs. */
  public boolean isRunning() {
    return present.stream().anyMatch(line -> line.startsWith("process "));
  }

  /** Whether everything that was made around OpenVPN still stands. */
  public boolean isWhole() {
    return lacking.isEmpty();
  }

  /** Whether the other end answers. */
  public boolean isUp() {
    return peer.filter(answers -> answers.answered() > 0).isPresent();
  }

  static TunnelView parse(String output) {
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    return new TunnelView(
        lines.stream()
            .map(String::strip)
            // A login may print what it likes before the command does.
            .filter(line -> KINDS.contains(line.split(" ", 2)[0]))
            .toList(),
        lines.stream()
            .filter(line -> line.startsWith(LACKS))
            .map(line -> line.substring(LACKS.length()))
            .toList(),
        Optional.ofNullable(peer(last(lines, "peer "))),
        STAMP.matcher(Optional.ofNullable(last(lines, "log ")).orElse("")).replaceFirst(""));
  }

  private static @Nullable String last(List<String> lines, String head) {
    return lines.stream()
        .filter(line -> line.startsWith(head))
        .map(line -> line.substring(head.length()).strip())
        .reduce((_, later) -> later)
        .orElse(null);
  }

  private static @Nullable Peer peer(@Nullable String words) {
    if (words == null) {
      return null;
    }
    String[] parts = words.split(" ");
    return new Peer(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Duration.ofNanos(Math.round(Double.parseDouble(parts[2]) * 1e6)));
  }
}
