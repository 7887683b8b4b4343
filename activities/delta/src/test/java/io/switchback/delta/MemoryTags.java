package io.switchback.delta;

import io.switchback.delta.tag.TagKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Stored tags of a sink in memory. Open to mutants. */
class MemoryTags implements StoredTags {
  private final Map<Long, byte[]> tags = new HashMap<>();
  private Standing standing = new Useless("none are stored");
  private String pass = "";

  /** What the tags are worth when a batch comes. */
  synchronized void beforeWrite() {
    if (standing instanceof Current) {
      standing = new Useless("the disk was written since");
    }
  }

  @Override
  public synchronized Standing standing(String of) {
    boolean isTheirs = standing instanceof Updating || standing instanceof Making;
    return isTheirs && !pass.equals(of) ? new Useless("another pass has them") : standing;
  }

  @Override
  public synchronized TagKey update(String of) {
    TagKey key =
        switch (standing(of)) {
          case Current current -> current.key();
          case Updating updating -> updating.key();
          case Making _, Useless _ -> throw new IllegalStateException("none are stored");
        };
    standing = new Updating(key);
    pass = of;
    return key;
  }

  @Override
  public synchronized TagKey make(String of, TagKey key) {
    if (standing(of) instanceof Making making) {
      return making.key();
    }
    tags.clear();
    standing = new Making(key);
    pass = of;
    return key;
  }

  @Override
  public synchronized Optional<byte[]> leaves(long superIndex) {
    return Optional.ofNullable(tags.get(superIndex)).map(byte[]::clone);
  }

  @Override
  public synchronized void put(long superIndex, byte[] leafTags) {
    tags.put(superIndex, leafTags.clone());
  }

  @Override
  public synchronized void finish() {
    standing =
        switch (standing) {
          case Updating updating -> new Current(updating.key());
          case Making making -> new Current(making.key());
          case Current _, Useless _ -> standing;
        };
  }
}
