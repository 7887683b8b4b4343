package io.switchback.port;

/** A site for {@link CopyContract} and {@link DrillNetworkContract}. */
public interface CopyFixture extends PlacementFixture {
  /** The adapter under test. */
  CopyActivities copies();

  /** The adapter under test. */
  DrillNetworkActivities drillNetworks();

  /** The site's own. */
  SnapshotActivities snapshots();

  /** Connects the network with something outside, as its owner can. */
  void connect(String network);

  /** Whether the site has a network of that name. */
  boolean hasNetwork(String network);
}
