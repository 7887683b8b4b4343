package io.switchback.vsphere;

import io.switchback.delta.ByteRange;
import io.switchback.delta.file.FileDiskSource;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The bytes of virtual disks: a file beside the descriptor that vCenter names. */
final class FlatFile {
  /** What vSphere's change tracking tells apart. */
  static final int BLOCK = 64 << 10;

  private static final Pattern EXTENT = Pattern.compile("(?m)^RW (\\d+) VMFS \"([^\"]+)\"");
  private static final int SECTOR = 512;

  private FlatFile() {}

  /** Beside a descriptor such as {@code disk-0.vmdk}. */
  static Path of(Path descriptor) {
    String name = String.valueOf(descriptor.getFileName());
    return descriptor.resolveSibling(name.replaceFirst("\\.vmdk$", "-flat.vmdk"));
  }

  /** Makes every disk of the folders as long as its descriptor says; vcsim leaves them empty. */
  static void growAll(List<Path> folders) {
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        files
            .filter(file -> file.toString().endsWith(".vmdk"))
            .filter(file -> !file.toString().endsWith("-flat.vmdk"))
            .forEach(FlatFile::grow);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void grow(Path descriptor) {
    try {
      Matcher extent = EXTENT.matcher(Files.readString(descriptor));
      Path flat = of(descriptor);
      if (extent.find() && Files.exists(flat)) {
        long bytes = Long.parseLong(extent.group(1)) * SECTOR;
        try (RandomAccessFile file = new RandomAccessFile(flat.toFile(), "rw")) {
          if (file.length() < bytes) {
            file.setLength(bytes);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the target hold what the source holds; blocks of zeros stay holes. */
  static void copy(Path source, Path target) {
    try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
      long length = from.size();
      for (long at : blocks(source)) {
        byte[] block = read(from, at);
        if (!isZero(block)) {
          to.write(ByteBuffer.wrap(block), at);
        }
      }
      if (to.size() < length) {
        to.write(ByteBuffer.allocate(1), length - 1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Copies a disk with its descriptor, under another name in the same folder. */
  static void copyDisk(Path descriptor, Path copy) {
    try {
      String text = Files.readString(descriptor);
      Files.writeString(
          copy,
          text.replace(
              String.valueOf(of(descriptor).getFileName()),
              String.valueOf(of(copy).getFileName())));
      copy(of(descriptor), of(copy));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path descriptor) {
    try {
      Files.deleteIfExists(descriptor);
      Files.deleteIfExists(of(descriptor));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A part of a file, from its first byte. */
  record Area(long startBytes, long lengthBytes) {
    long end() {
      return startBytes + lengthBytes;
    }
  }

  /** Where two files of one length differ, by whole blocks, neighbours joined. */
  static List<Area> differences(Path one, Path other) {
    try (FileChannel left = FileChannel.open(one, StandardOpenOption.READ);
        FileChannel right = FileChannel.open(other, StandardOpenOption.READ)) {
      List<Area> found = new ArrayList<>();
      SortedSet<Long> written = blocks(one);
      written.addAll(blocks(other));
      for (long at : written) {
        if (!Arrays.equals(read(left, at), read(right, at))) {
          add(found, new Area(at, Math.min(BLOCK, left.size() - at)));
        }
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where a file is not zero, by whole blocks, neighbours joined. */
  static List<Area> allocated(Path file) {
    List<Area> found = new ArrayList<>();
    read(file, (at, block) -> add(found, new Area(at, block.length)));
    return found;
  }

  /** Is told a block that is not all zeros, and where it begins. */
  interface Reader {
    void read(long at, byte[] block);
  }

  /** Reads every block that is not all zeros, in order. */
  static void read(Path file, Reader reader) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (long at : blocks(file)) {
        byte[] block = read(channel, at);
        if (!isZero(block)) {
          reader.read(at, block);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where blocks begin that may hold something: what was never written is not read. */
  private static SortedSet<Long> blocks(Path file) throws IOException {
    SortedSet<Long> blocks = new TreeSet<>();
    if (Files.size(file) == 0) {
      return blocks;
    }
    try (FileDiskSource source = new FileDiskSource(file)) {
      for (ByteRange range : source.allocated(new ByteRange(0, source.capacityBytes()))) {
        for (long at = range.offsetBytes() / BLOCK * BLOCK; at < range.endBytes(); at += BLOCK) {
          blocks.add(at);
        }
      }
    }
    return blocks;
  }

  private static boolean isZero(byte[] block) {
    return Arrays.equals(block, new byte[block.length]);
  }

  private static void add(List<Area> found, Area area) {
    if (!found.isEmpty() && found.getLast().end() == area.startBytes()) {
      Area last = found.removeLast();
      found.add(new Area(last.startBytes(), last.lengthBytes() + area.lengthBytes()));
    } else {
      found.add(area);
    }
  }

  private static byte[] read(FileChannel from, long at) throws IOException {
    ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, from.size() - at));
    while (block.hasRemaining() && from.read(block, at + block.position()) >= 0) {
      // until the block is full
    }
    return block.array();
  }
}
