package io.switchback.worker.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * PostgreSQL refuses to run as root. In a user namespace of its own the same user has another
 * number, so it runs there, on files that stay ours.
 */
final class UserNamespace {
  private static final int TRIAL_SECONDS = 5;

  private UserNamespace() {}

  /**
   * What must stand before a command of PostgreSQL: nothing for an ordinary user.
   *
   * @throws Refusal if this is root and no user namespace can be made
   */
  static List<String> prefix() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return List.of();
    }
    Optional<Path> unshare = Executables.onPath("unshare", System.getenv("PATH"));
    if (unshare.isPresent() && works(unshare.get())) {
      return List.of(unshare.get().toString(), "-U");
    }
    throw Refusal.unreachable(
        "PostgreSQL does not run as root, and this machine lets nobody make a user namespace (`unshare -U id -u`)."
            + " Run as an ordinary user, or give the JDBC URL of a PostgreSQL with --registry.");
  }

  private static boolean works(Path unshare) {
    try {
      Process trial =
          new ProcessBuilder(unshare.toString(), "-U", "id", "-u")
              .redirectErrorStream(true)
              .start();
      String answer =
          new String(
              trial.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      return trial.waitFor(TRIAL_SECONDS, TimeUnit.SECONDS)
          && trial.exitValue() == 0
          && !answer.strip().equals("0");
    } catch (IOException failure) {
      return false;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
