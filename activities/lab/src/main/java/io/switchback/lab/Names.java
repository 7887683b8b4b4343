package io.switchback.lab;

import java.util.regex.Pattern;

/** Ids become file names, so they keep to letters that are safe there. */
final class Names {
  private static final Pattern SAFE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private Names() {}

  static void check(String what, String name) {
    if (!SAFE.matcher(name).matches()) {
      throw new LabException(
          LabFault.BAD_REQUEST,
          "The %s '%s' must be 1 to 100 letters, digits, '.', '_' or '-'.".formatted(what, name));
    }
  }
}
