package io.switchback.delta.state;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32C;

/** A line that begins with the CRC32C of the rest, so that one a crash has torn is known. */
final class CheckedLine {
  private static final int CRC_DIGITS = 8;

  private CheckedLine() {}

  static String of(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format("%08x %s", (int) crc.getValue(), text);
  }

  /** What the line says, when it is as it was written. */
  static Optional<String> text(String line) {
    if (line.length() <= CRC_DIGITS) {
      return Optional.empty();
    }
    String text = line.substring(CRC_DIGITS + 1);
    return line.equals(of(text)) ? Optional.of(text) : Optional.empty();
  }
}
