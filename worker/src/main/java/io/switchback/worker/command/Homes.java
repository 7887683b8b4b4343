package io.switchback.worker.command;

import io.switchback.worker.local.Home;
import io.switchback.worker.run.CommandWords;
import java.util.List;

/** How commands that are printed for people call the same program and lead to the same home. */
final class Homes {
  /** As the launcher was called: who types {@code ./switchback} has none on the path. */
  private static final String PROGRAM = System.getProperty("switchback.program", "switchback");

  private Homes() {}

  /** Names the home where the default would lead to another one. */
  static CommandWords commands(Home home) {
    return new CommandWords(
        PROGRAM,
        Home.resolve(null, System.getenv()).equals(home)
            ? List.of()
            : List.of("--home", home.directory().toString()));
  }
}
