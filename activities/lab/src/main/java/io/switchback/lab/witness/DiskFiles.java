package io.switchback.lab.witness;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The present state of one disk of a VM, read through its layers' files. */
final class DiskFiles implements AutoCloseable {
  static final int GRAIN = 65536;
  private static final int TRIES = 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private record Layer(FileChannel data, BitSet held) {
    boolean holds(long grain) {
      return held.get((int) grain);
    }
  }

  private final List<Layer> chain;
  private final long capacityBytes;

  private DiskFiles(List<Layer> chain, long capacityBytes) {
    this.chain = chain;
    this.capacityBytes = capacityBytes;
  }

  /** The VM's disks by name. */
  static List<String> disksOf(Path site, String vmId) throws IOException {
    List<String> disks = new ArrayList<>();
    // Not the keys of the state's disks: among them are removed ones that only snapshots hold.
    for (JsonNode disk : state(site, vmId).path("definition").path("disks")) {
      disks.add(disk.path("id").asString());
    }
    return disks;
  }

  private static JsonNode state(Path site, String vmId) throws IOException {
    Path file = site.resolve("vms").resolve(vmId).resolve("vm.json");
    if (!Files.exists(file)) {
      throw new WitnessException("There is no VM at '%s'.".formatted(file.getParent()));
    }
    return JSON.readTree(Files.readAllBytes(file));
  }

  static DiskFiles open(Path site, String vmId, String disk) throws IOException {
    IOException last = new IOException("never tried");
    for (int i = 0; i < TRIES; i++) {
      JsonNode before = state(site, vmId).path("disks").path(disk);
      try {
        DiskFiles opened = openOnce(site, vmId, disk, before);
        // Snapshots, reverts and merges change the chain; what was opened counts only if none came
        // between.
        if (state(site, vmId).path("disks").path(disk).equals(before)) {
          return opened;
        }
        opened.close();
      } catch (NoSuchFileException e) {
        last = e;
      }
    }
    throw new IOException("The layers of disk '" + disk + "' would not hold still.", last);
  }

  private static DiskFiles openOnce(Path site, String vmId, String disk, JsonNode state)
      throws IOException {
    Map<String, String> parents = new HashMap<>();
    for (JsonNode layer : state.path("layers")) {
      parents.put(layer.path("id").asString(), layer.path("parent").asString(""));
    }
    Path directory = site.resolve("vms").resolve(vmId).resolve("disks").resolve(disk);
    List<Layer> chain = new ArrayList<>();
    for (String id = state.path("top").asString();
        !id.isEmpty();
        id = parents.getOrDefault(id, "")) {
      BitSet held = BitSet.valueOf(Files.readAllBytes(directory.resolve(id + ".map")));
      chain.add(
          new Layer(
              FileChannel.open(directory.resolve(id + ".data"), StandardOpenOption.READ), held));
    }
    return new DiskFiles(chain, state.path("capacityBytes").asLong());
  }

  long capacityBytes() {
    return capacityBytes;
  }

  /** Whether some layer holds the grain; the others read as zeros. */
  boolean holds(long grain) {
    return chain.stream().anyMatch(layer -> layer.holds(grain));
  }

  /** The bytes of one whole grain. */
  byte[] grain(long grain) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(GRAIN);
    for (Layer layer : chain) {
      if (layer.holds(grain)) {
        while (bytes.hasRemaining()
            && layer.data().read(bytes, grain * GRAIN + bytes.position()) >= 0) {}
        break;
      }
    }
    return bytes.array();
  }

  @Override
  public void close() throws IOException {
    for (Layer layer : chain) {
      layer.data().close();
    }
  }
}
