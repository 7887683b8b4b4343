package io.switchback.operation;

import static java.util.stream.Collectors.joining;

import io.switchback.model.DiskFormat;
import io.switchback.model.Mistakes;
import io.switchback.model.Placement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code location}: name, host, which may be a resource pool, datastore, folder, diskFormat
 * and networks, each of which may be left out.
 */
final class LocationInput {
  private static final Set<String> FIELDS =
      Set.of("name", "host", "datastore", "folder", "diskFormat", "networks");
  private static final String WHERE = "location.";
  private static final String FORMATS =
      Arrays.stream(DiskFormat.values())
          .map(one -> '"' + one.name().toLowerCase(Locale.ROOT) + '"')
          .collect(joining(", "));

  private LocationInput() {}

  /** The location; null when none is asked for. */
  static @Nullable NewLocation read(JsonNode location, Mistakes mistakes) {
    if (location.isMissingNode() || location.isNull()) {
      return null;
    }
    if (!location.isObject()) {
      mistakes.add(
          "location must be a record like {\"name\":\"web-01-2\",\"datastore\":\"store-2\"}");
      return null;
    }
    Input.unknownFields(location, FIELDS, WHERE, mistakes);
    return new NewLocation(
        Input.text(location, WHERE, "name", "", mistakes),
        new Placement(
            Input.text(location, WHERE, "host", "", mistakes),
            Input.text(location, WHERE, "datastore", "", mistakes),
            Input.text(location, WHERE, "folder", "", mistakes)),
        format(location, mistakes),
        networks(location.path("networks"), mistakes));
  }

  private static DiskFormat format(JsonNode location, Mistakes mistakes) {
    String word = Input.text(location, WHERE, "diskFormat", DiskFormat.THIN.name(), mistakes);
    for (DiskFormat format : DiskFormat.values()) {
      if (format.name().equalsIgnoreCase(word)) {
        return format;
      }
    }
    mistakes.add(WHERE + "diskFormat must be one of " + FORMATS);
    return DiskFormat.THIN;
  }

  private static Map<String, String> networks(JsonNode networks, Mistakes mistakes) {
    Map<String, String> read = new LinkedHashMap<>();
    if (networks.isMissingNode() || networks.isNull()) {
      return read;
    }
    if (!networks.isObject()) {
      mistakes.add(
          WHERE
              + "networks must be a record from the replica's networks to production's, like {\"dr-lan\":\"lan\"}");
      return read;
    }
    for (String network : networks.propertyNames()) {
      JsonNode to = networks.path(network);
      if (to.isString() && !to.asString().isBlank()) {
        read.put(network, to.asString());
      } else {
        mistakes.add(WHERE + "networks." + network + " must be the name of a network");
      }
    }
    return read;
  }
}
