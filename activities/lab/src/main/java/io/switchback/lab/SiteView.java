package io.switchback.lab;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a site shows.
 *
 * @param directory where snapshot layers can be opened directly
 * @param dataPort of the raw data path
 * @param fence the highest the site has seen
 */
public record SiteView(
    String site,
    Path directory,
    int dataPort,
    @Nullable LabFence fence,
    List<VmView> vms,
    Instant at) {
  public SiteView {
    vms = List.copyOf(vms);
  }
}
