package io.switchback.lab;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a site's daemon starts.
 *
 * @param site its name
 * @param directory where its state lives; made when absent
 * @param port on loopback; 0 = any
 * @param resources its hosts and datastores; absent = as they were, at first a generous one of each
 * @param onPower a command that is run with {@code on} or {@code off} and a VM's name when its
 *     power changes; empty for none
 */
public record LabSettings(
    String site, Path directory, int port, @Nullable SiteResources resources, String onPower) {
  public LabSettings {
    Objects.requireNonNull(site, "site");
    directory = directory.toAbsolutePath().normalize();
    onPower = onPower == null ? "" : onPower.strip();
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("The port must be from 0 to 65535, got " + port + ".");
    }
  }

  /** With the resources that the site has had. */
  public LabSettings(String site, Path directory, int port) {
    this(site, directory, port, null);
  }

  /** With nobody who hears of changes of power. */
  public LabSettings(String site, Path directory, int port, @Nullable SiteResources resources) {
    this(site, directory, port, resources, "");
  }
}
