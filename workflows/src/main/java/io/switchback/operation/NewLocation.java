package io.switchback.operation;

import io.switchback.model.DiskFormat;
import io.switchback.model.Placement;
import java.util.Map;

/**
 * The VM that a failback is to make at the production site.
 *
 * @param name that it shall have; empty: as the protected VM is called
 * @param placement where it shall stand; what is empty is as the production site says
 * @param networks by the recovery site's names; one that is not named is mapped back as it was
 *     mapped there
 */
public record NewLocation(
    String name, Placement placement, DiskFormat format, Map<String, String> networks) {
  public NewLocation {
    name = name == null ? "" : name.strip();
    placement = placement == null ? Placement.ANYWHERE : placement;
    format = format == null ? DiskFormat.THIN : format;
    networks = networks == null ? Map.of() : Map.copyOf(networks);
  }
}
