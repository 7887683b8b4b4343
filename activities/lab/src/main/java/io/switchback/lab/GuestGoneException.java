package io.switchback.lab;

import java.io.IOException;

/** The VM that this guest ran in is off, or runs another boot. */
final class GuestGoneException extends IOException {
  private static final long serialVersionUID = 1;

  GuestGoneException(String boot) {
    super("Boot '%s' has ended.".formatted(boot));
  }
}
