package io.switchback.vsphere;

import io.switchback.vsphere.FlatFile.Area;
import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Change tracking as vSphere has it, where vcsim has none: what a disk held at each change id is
 * kept aside, and compared when it is asked for. Change ids are {@code <uuid>/<n>}; after a reset
 * the uuid is another one, and older ids are refused.
 */
final class ChangeTracking implements AutoCloseable {
  private final Path folder;
  private final Map<String, Tracked> disks = new ConcurrentHashMap<>();
  private volatile int areasPerAnswer = 2000;

  private static final class Tracked {
    private final String uuid = UUID.randomUUID().toString();
    private final AtomicInteger number = new AtomicInteger();
    private final Map<String, Path> states = new ConcurrentHashMap<>();
  }

  ChangeTracking() throws IOException {
    this.folder = Files.createTempDirectory("switchback-front-");
  }

  /** No answer tells of more areas than this; vCenter has been seen to stop at 2,000. */
  void answerAtMost(int areas) {
    areasPerAnswer = areas;
  }

  /** A disk's changes are told apart from here on; answers the change id. */
  String mark(String vm, int key, Path flat) {
    Tracked disk = disks.computeIfAbsent(id(vm, key), _ -> new Tracked());
    String changeId = disk.uuid + "/" + disk.number.incrementAndGet();
    Path state = folder.resolve(changeId.replace('/', '-'));
    FlatFile.copy(flat, state);
    disk.states.put(changeId, state);
    return changeId;
  }

  /** What happens at a power loss, a revert or a move of the storage: no older id holds. */
  void reset(String vm) {
    disks.keySet().removeIf(id -> id.startsWith(vm + ":"));
  }

  /**
   * The answer to {@code QueryChangedDiskAreas}: what is not zero for {@code *}, else what differs
   * between then and now, from an offset and as far as one answer goes.
   */
  Answer areas(String vm, int key, Path now, long startBytes, String since) throws IOException {
    long capacity = Files.size(now);
    if (startBytes >= capacity) {
      return invalid("startOffset");
    }
    List<Area> found;
    if (since.equals("*")) {
      found = FlatFile.allocated(now);
    } else {
      Tracked disk = disks.get(id(vm, key));
      Path then = disk == null ? null : disk.states.get(since);
      if (then == null) {
        return Answer.fault(
            "FileFault",
            "Error caused by file of disk %d: unknown change id".formatted(key),
            "<file>disk %d</file>".formatted(key));
      }
      found = FlatFile.differences(then, now);
    }
    List<Area> rest = found.stream().filter(area -> area.end() > startBytes).toList();
    int limit = areasPerAnswer;
    List<Area> told = rest.size() > limit ? rest.subList(0, limit) : rest;
    long end = rest.size() > limit ? told.getLast().end() : capacity;
    StringBuilder areas = new StringBuilder();
    for (Area area : told) {
      long start = Math.max(area.startBytes(), startBytes);
      areas.append(
          "<changedArea><start>%d</start><length>%d</length></changedArea>"
              .formatted(start, area.end() - start));
    }
    return Answer.of(
        "QueryChangedDiskAreas",
        "<returnval><startOffset>%d</startOffset><length>%d</length>%s</returnval>"
            .formatted(startBytes, end - startBytes, areas));
  }

  static Answer invalid(String property) {
    return Answer.fault(
        "InvalidArgument",
        "A specified parameter was not correct: " + property,
        "<invalidProperty>%s</invalidProperty>".formatted(property));
  }

  private static String id(String vm, int key) {
    return vm + ":" + key;
  }

  @Override
  public void close() {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
