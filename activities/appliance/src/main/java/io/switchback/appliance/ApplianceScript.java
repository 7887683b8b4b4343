package io.switchback.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A command for an appliance: shell text from this module's resources, with values set in front of
 * it. All of it is handed over on standard input, so nothing of it is on a command line.
 */
final class ApplianceScript {
  private final List<String> parts;
  private final Map<String, String> values = new LinkedHashMap<>();

  private ApplianceScript(String... parts) {
    this.parts = List.of(parts);
  }

  /**
   * A command on the appliance.
   *
   * @param verb name of the resource without {@code .sh}
   */
  static ApplianceScript onAppliance(String verb) {
    return new ApplianceScript("common", verb);
  }

  /**
   * A command on one tunnel of the appliance.
   *
   * @param verb name of the resource without {@code .sh}
   */
  static ApplianceScript onTunnel(String verb) {
    return new ApplianceScript("common", "tunnel", verb);
  }

  /**
   * A command on the appliance's full-site mode.
   *
   * @param verb name of the resource without {@code .sh}
   */
  static ApplianceScript onFullSite(String verb) {
    return new ApplianceScript("common", "full-site", verb);
  }

  ApplianceScript with(String name, Object value) {
    values.put(name, value.toString());
    return this;
  }

  /** The whole text. A shell that was given only a part of it finds no command in there. */
  String text() {
    StringBuilder text = new StringBuilder("switchback() {\nset -u\n");
    values.forEach(
        (name, value) -> text.append(name).append('=').append(quoted(value)).append('\n'));
    parts.forEach(part -> text.append(resource(part)));
    return text.append("}\nswitchback\nexit 0\n").toString();
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }

  private static String resource(String name) {
    try (InputStream in =
        Objects.requireNonNull(
            ApplianceScript.class.getResourceAsStream(name + ".sh"), name + ".sh")) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
