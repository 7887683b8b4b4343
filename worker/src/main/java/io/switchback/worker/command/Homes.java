package io.switchback.worker.command;

import io.switchback.worker.local.Home;
import io.switchback.worker.run.CommandWords;
import java.util.List;

/** How commands that are printed for people lead to the same home. */
final class Homes {
  private Homes() {}

  /** Names the home where the default would lead to another one. */
  static CommandWords commands(Home home) {
    return new CommandWords(
        Home.resolve(null, System.getenv()).equals(home)
            ? List.of()
            : List.of("--home", home.directory().toString()));
  }
}
