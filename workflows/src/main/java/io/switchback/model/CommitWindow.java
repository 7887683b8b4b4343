package io.switchback.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A window of a failover or a failback.
 *
 * @param id of the operation that was asked for it
 * @param of what is committed or undone
 * @param by who asked for it
 * @param endsAt null until there is something to commit or undo
 * @param extensions how often the probes have put the end off since a person moved it last
 */
public record CommitWindow(
    String id,
    Undoable of,
    WindowTerms terms,
    String by,
    @Nullable Instant endsAt,
    int extensions) {
  public CommitWindow {
    new Mistakes()
        .required(id, "id")
        .unless(of != null, "of is missing")
        .unless(terms != null, "terms are missing")
        .required(by, "by")
        .unless(extensions >= 0, "extensions cannot be negative")
        .refuse("window");
  }

  /** A window that does not count yet. */
  public CommitWindow(String id, Undoable of, WindowTerms terms, String by) {
    this(id, of, terms, by, null, 0);
  }

  /** The same with another end. */
  public CommitWindow until(Instant end, int extended) {
    return new CommitWindow(id, of, terms, by, end, extended);
  }

  /** Whether it counts. */
  public boolean isOpen() {
    return endsAt != null;
  }

  /** Whether the probes have put the end off as often as they may. */
  public boolean isWornOut() {
    return extensions >= WindowTerms.EXTENSIONS_BY_PROBES;
  }
}
