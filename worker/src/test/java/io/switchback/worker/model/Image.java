package io.switchback.worker.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What the disks of a VM hold, in the order of the VM's disks. Never changed. */
record Image(List<byte[]> disks) {
  private static final int GRAIN = 1 << 16;

  Image {
    disks = List.copyOf(disks);
  }

  /** The same with {@code bytes} written to a disk. */
  Image written(int disk, int offsetBytes, byte[] bytes) {
    List<byte[]> now = new ArrayList<>(disks);
    byte[] changed = now.get(disk).clone();
    System.arraycopy(bytes, 0, changed, offsetBytes, bytes.length);
    now.set(disk, changed);
    return new Image(now);
  }

  boolean holds(Image other) {
    return disks.size() == other.disks.size()
        && IntStream.range(0, disks.size())
            .allMatch(disk -> Arrays.equals(disks.get(disk), other.disks.get(disk)));
  }

  /** Where both differ, for people: the disk and the grains of 64 KiB. */
  String difference(Image other) {
    List<String> found = new ArrayList<>();
    for (int disk = 0; disk < Math.min(disks.size(), other.disks.size()); disk++) {
      byte[] here = disks.get(disk);
      byte[] there = other.disks.get(disk);
      for (int at = 0; at < Math.min(here.length, there.length); at += GRAIN) {
        if (!Arrays.equals(here, at, at + GRAIN, there, at, at + GRAIN)) {
          found.add("disk %d grain %d".formatted(disk, at / GRAIN));
        }
      }
    }
    return found.toString();
  }
}
