package io.switchback.registry;

import io.switchback.model.DatastoreOutlook;
import io.switchback.registry.EstateView.NetworkView;
import io.switchback.registry.ReplicationFigures.Figure;
import java.util.List;

/**
 * The estate in numbers.
 *
 * @param replicas how replication of each VM does
 * @param room of each datastore that was measured lately
 * @param networks that are extended
 */
public record EstateFigures(
    List<Figure> replicas, List<DatastoreOutlook> room, List<NetworkView> networks) {
  public EstateFigures {
    networks = List.copyOf(networks);
    replicas = List.copyOf(replicas);
    room = List.copyOf(room);
  }

  /**
   * Reads them all as they stood at one moment. Changes nothing.
   *
   * @throws io.switchback.fault.FaultException REGISTRY_UNAVAILABLE
   */
  public static EstateFigures read(RegistryDatabase database) {
    return database.inSnapshot(
        jdbc ->
            new EstateFigures(
                ReplicationFigures.read(jdbc),
                RoomSamples.outlooks(jdbc),
                NetworkPairs.extended(jdbc)));
  }
}
