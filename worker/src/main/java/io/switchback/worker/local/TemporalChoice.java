package io.switchback.worker.local;

import org.jspecify.annotations.Nullable;

/** Which Temporal to use. */
public sealed interface TemporalChoice {
  /**
   * A Temporal of the operator's own.
   *
   * @param address {@code host:port} of its frontend
   * @param ui base of its UI, if links should be printed
   */
  record Given(String address, @Nullable String ui) implements TemporalChoice {}

  /** A dev server started here; where none can be had, the one inside this process. */
  record Automatic() implements TemporalChoice {}

  /** A dev server started here, and nothing less. */
  record DevServer() implements TemporalChoice {}

  /** The one inside this process. */
  record InProcess() implements TemporalChoice {}

  /** What {@code --temporal}, {@code --temporal-ui} and {@code --in-process} mean together. */
  static TemporalChoice of(@Nullable String address, @Nullable String ui, boolean inProcess) {
    if (address != null && inProcess) {
      throw Refusal.usage("Give either --temporal or --in-process, not both.");
    }
    if (address != null) {
      return new Given(address, ui);
    }
    return inProcess ? new InProcess() : new Automatic();
  }
}
