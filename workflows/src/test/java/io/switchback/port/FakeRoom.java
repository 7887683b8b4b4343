package io.switchback.port;

import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.HostRoom;
import java.util.LinkedHashMap;
import java.util.Map;

/** Hosts and datastores of a {@link FakeSite}, which guards it; plenty of both unless told. */
public final class FakeRoom {
  static final long GIB = 1L << 30;

  final Map<String, HostRoom> hosts = new LinkedHashMap<>();
  final Map<String, DatastoreRoom> datastores = new LinkedHashMap<>();
  final Map<String, Share> shares = new LinkedHashMap<>();

  /** What a VM takes of its host and where it lies. */
  record Share(int cpus, long memoryBytes, String host, String datastore) {}

  FakeRoom() {
    host("host-1", 256, 4096 * GIB);
    datastore("datastore-1", 1 << 20, 1 << 20);
  }

  /** A host with that much for VMs; replaces one of that name. */
  public void host(String name, int cpus, long memoryBytes) {
    hosts.put(name, new HostRoom(name, cpus, cpus, memoryBytes, memoryBytes));
  }

  /** A datastore, in GiB; replaces one of that name. */
  public void datastore(String name, long capacityGib, long freeGib) {
    datastores.put(name, new DatastoreRoom(name, capacityGib * GIB, freeGib * GIB));
  }

  /** What the VM takes; one CPU and 1 GiB of the first host unless told. */
  public void share(String vmId, int cpus, long memoryBytes) {
    shares.put(vmId, new Share(cpus, memoryBytes, "", "datastore-1"));
  }

  Share share(String vmId) {
    return shares.getOrDefault(vmId, new Share(1, GIB, "", "datastore-1"));
  }
}
