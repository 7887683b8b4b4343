package io.switchback.operation;

import io.switchback.model.DiskFormat;
import io.switchback.model.Hardware;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Placement;
import java.util.List;

/**
 * The VM that a failback makes, with nothing left open but what its site chooses.
 *
 * @param hardware with the network cards by the production site's networks
 * @param networks what the replica's network map has to say from the commit on; empty where it says
 *     so already
 */
public record PlannedLocation(
    String name,
    Placement placement,
    DiskFormat format,
    Hardware hardware,
    List<NetworkMapping> networks) {
  public PlannedLocation {
    networks = List.copyOf(networks);
  }
}
