package io.switchback.lab.witness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lines about one VM in a site's effect journal, as far as it was written when it was read. */
record JournalFile(String vmName, List<Line> lines) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** One line; what it does not say is empty or -1. */
  record Line(
      long seq,
      Instant at,
      String kind,
      String vmId,
      String boot,
      long record,
      String disk,
      String snapshotName,
      List<String> guestDisks) {
    Line {
      guestDisks = List.copyOf(guestDisks);
    }
  }

  /** How far a guest was, by the journal. */
  record Progress(long written, long flushed) {}

  JournalFile {
    lines = List.copyOf(lines);
  }

  /** Every boot of every VM of the site. */
  static Set<String> bootsAt(Path site) throws IOException {
    Set<String> boots = new HashSet<>();
    for (JsonNode node : nodes(site)) {
      if (node.path("kind").asString().equals("powerOn")) {
        boots.add(node.path("boot").asString(""));
      }
    }
    return boots;
  }

  private static List<JsonNode> nodes(Path site) throws IOException {
    String text = Files.readString(site.resolve("effects.jsonl"), StandardCharsets.UTF_8);
    // The daemon may be writing the last line at this moment.
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : whole.split("\n")) {
      nodes.add(JSON.readTree(line));
    }
    return nodes;
  }

  static JournalFile read(Path site, String vmName) throws IOException {
    List<JsonNode> nodes = nodes(site);
    String vmId = "";
    for (JsonNode node : nodes) {
      if (node.path("name").asString("").equals(vmName)) {
        vmId = node.path("vm").asString("");
      }
    }
    // By id, because a VM may have been renamed.
    List<Line> lines = new ArrayList<>();
    for (JsonNode node : nodes) {
      if (!vmId.isEmpty() && node.path("vm").asString("").equals(vmId)) {
        lines.add(line(node));
      }
    }
    return new JournalFile(vmName, lines);
  }

  private static Line line(JsonNode node) {
    List<String> guestDisks = new ArrayList<>();
    if (node.path("kind").asString().equals("booted")) {
      node.path("details").path("disks").forEach(disk -> guestDisks.add(disk.asString()));
    }
    return new Line(
        node.path("seq").asLong(),
        Instant.parse(node.path("at").asString()),
        node.path("kind").asString(),
        node.path("vm").asString(),
        node.path("boot").asString(""),
        node.path("record").asLong(-1),
        node.path("disk").asString(""),
        node.path("details").path("snapshotName").asString(""),
        guestDisks);
  }

  /** The disks to which the guest wrote its records just before position {@code end}. */
  Set<String> guestDisks(int end) {
    Set<String> disks = new HashSet<>();
    for (Line line : lines.subList(0, end)) {
      if (line.kind().equals("booted")) {
        disks.clear();
        disks.addAll(line.guestDisks());
      } else if (line.kind().equals("removeDisk")) {
        disks.remove(line.disk());
      }
    }
    return disks;
  }

  /** The VM's id at its site: that of the newest VM of this name. */
  String vmId() {
    if (lines.isEmpty()) {
      throw new WitnessException("The journal knows no VM '%s'.".formatted(vmName));
    }
    return lines.getLast().vmId();
  }

  /** Every boot of the VM. */
  Set<String> boots() {
    Set<String> boots = new HashSet<>();
    for (Line line : lines) {
      if (line.kind().equals("powerOn")) {
        boots.add(line.boot());
      }
    }
    return boots;
  }

  /** The last line of such a kind before position {@code end}; -1 if there is none. */
  int last(Set<String> kinds, int end) {
    for (int i = end - 1; i >= 0; i--) {
      if (kinds.contains(lines.get(i).kind())) {
        return i;
      }
    }
    return -1;
  }

  /** How far the guest was just before position {@code end}. */
  Progress before(int end) {
    long written = 0;
    long flushed = 0;
    for (Line line : lines.subList(0, end)) {
      switch (line.kind()) {
        case "written" -> written = line.record();
        case "flushed" -> flushed = line.record();
        // After a crash the guest goes on from what it found, which may be less than it had
        // written.
        case "booted" -> {
          written = line.record();
          flushed = line.record();
        }
        default -> {}
      }
    }
    return new Progress(written, flushed);
  }

  /** How far the guest was at that moment. */
  Progress at(Instant moment) {
    int end = 0;
    while (end < lines.size() && !lines.get(end).at().isAfter(moment)) {
      end++;
    }
    return before(end);
  }
}
