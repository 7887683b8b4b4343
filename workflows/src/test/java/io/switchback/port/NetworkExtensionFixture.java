package io.switchback.port;

import io.switchback.model.Replica;
import io.switchback.port.NetworkExtensionActivities.Condition;
import io.switchback.port.NetworkExtensionActivities.Side;
import java.util.Set;

/**
 * Networks of two sites for {@link NetworkExtensionContract}: the adapter, and a way past it. Each
 * test opens one of its own.
 */
public interface NetworkExtensionFixture extends AutoCloseable {
  /** The adapter under test. */
  NetworkExtensionActivities extension();

  /** A replica whose networks may be extended. */
  Replica replica();

  /** Another one in the same networks. */
  Replica other();

  /** How the platform answers at that side; NOT_NEEDED where it has nothing to extend. */
  Condition expected(Side side);

  /** The replicas for which the side is open, as the platform itself shows them. */
  Set<String> countedIn(Side side);

  /** How often a side was opened or left for the replica. */
  long effects(Replica replica);

  /** The recovery site answers nobody from now on. */
  void breakSite();

  @Override
  void close();
}
