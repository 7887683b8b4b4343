package io.switchback.port;

import io.switchback.model.Replica;
import java.util.Optional;

/**
 * A recovery site for {@link SheetContract}: its adapter, and a way past it. Each test opens one of
 * its own.
 */
public interface SheetFixture extends AutoCloseable {
  /** The adapter under test. */
  SheetActivities sheets();

  /** A replica at the site, on a network {@code lan}, off. */
  Replica replica();

  /** Another replica at the same site. */
  Replica other();

  /** The replica's page as whoever walks up to the site finds it. */
  Optional<String> page(Replica replica);

  /** Deletes the replica's VM as a person with the hypervisor's own client does. */
  void deleteVm(Replica replica);

  /** The hypervisor answers nobody from now on. */
  void breakSite();

  @Override
  void close();
}
