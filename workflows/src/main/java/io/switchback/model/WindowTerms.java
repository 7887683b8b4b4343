package io.switchback.model;

import java.time.Duration;
import java.util.List;

/**
 * A window as somebody asks for it: for so long a failover or a failback waits for a person, and
 * then it is committed or undone by itself.
 *
 * @param length from the moment at which there is something to commit; as long again when the
 *     probes speak against the end
 * @param probes asked at the end of the VM that serves; none: the end is not asked about
 */
public record WindowTerms(Duration length, WindowEnd atEnd, List<Check> probes) {
  /** The shortest one. */
  public static final Duration SHORTEST = Duration.ofMinutes(1);

  /** The longest one, and how far ahead an end may be moved. */
  public static final Duration LONGEST = Duration.ofDays(90);

  /** How often the probes may put the end off; then it waits for a person. */
  public static final int EXTENSIONS_BY_PROBES = 3;

  /** How long one probe may try. */
  public static final Duration LONGEST_PROBE = Duration.ofMinutes(5);

  private static final int MOST_PROBES = 10;

  public WindowTerms {
    probes = probes == null ? List.of() : List.copyOf(probes);
    new Mistakes()
        .unless(
            length != null && length.compareTo(SHORTEST) >= 0 && length.compareTo(LONGEST) <= 0,
            "length must be between %s and %s, as in \"PT4H\"".formatted(SHORTEST, LONGEST))
        .unless(atEnd != null, "atEnd must be \"commit\" or \"undo\"")
        .unless(probes.size() <= MOST_PROBES, "probes may be at most " + MOST_PROBES)
        .unless(
            probes.stream().allMatch(probe -> probe.limit().compareTo(LONGEST_PROBE) <= 0),
            "a probe's limit may be at most " + LONGEST_PROBE)
        .refuse("window");
  }
}
