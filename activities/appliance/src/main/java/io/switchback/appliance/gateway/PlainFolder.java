package io.switchback.appliance.gateway;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Folders whose paths can stand in a configuration and in a shell script as they are. */
final class PlainFolder {
  // The path of a socket below it must stay under 108 characters.
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/._-]{1,80}");

  private PlainFolder() {}

  /**
   * Returns {@code folder}.
   *
   * @throws IllegalArgumentException in a sentence, if its path has other characters, or too many
   */
  static Path required(Path folder) {
    if (!PATH.matcher(folder.toString()).matches()) {
      throw new IllegalArgumentException(
          "the folder's path '%s' must begin with '/' and be of at most 80 letters, digits, '.', '_', '-' and '/'"
              .formatted(folder));
    }
    return folder;
  }
}
