package io.switchback.vsphere;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** A name that takes little room where vCenter has little. */
final class Mark {
  private Mark() {}

  /** Eight characters that follow from the text. */
  static String of(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)).toString().substring(0, 8);
  }
}
