package io.switchback.port;

import io.switchback.model.NetworkPair;
import io.switchback.port.NetworkExtensionActivities.Side;
import java.util.List;

/**
 * Appliances of two sites for {@link NetworkExtensionContract}: the adapter, and a way past it.
 * Each test finds nothing there.
 */
public interface NetworkExtensionFixture extends AutoCloseable {
  /** The adapter under test. */
  NetworkExtensionActivities ends();

  /** The pair with these addresses open; revisions grow within a test. */
  NetworkPair pair(long revision, List<String> addresses);

  /** Two addresses of replicas that are in the pair's network, and that nobody there has. */
  List<String> addresses();

  /** An address in the pair's network that a machine of production has. */
  String ownedAddress();

  /** What there is of the end on its appliance, a line each. */
  List<String> present(Side side);

  /** The addresses that are open at the end. */
  List<String> open(Side side);

  /** What tells one run of the end's daemon from another; empty when it does not run. */
  String daemon(Side side);

  /** Ends the daemon, past the adapter. */
  void kill(Side side);

  /** Takes away what opens the addresses at the end, past the adapter; its daemon runs on. */
  void plunder(Side side);

  /** The pair with appliances that nobody answers at. */
  NetworkPair unreachable(long revision);

  @Override
  void close();
}
