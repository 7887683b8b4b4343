package io.switchback.lab;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One VM of a group that is snapshotted at one moment.
 *
 * @param name of its snapshot
 */
public record GroupMember(String vm, String name, @Nullable Stamp stamp) {
  public GroupMember {
    Objects.requireNonNull(vm, "vm");
    Objects.requireNonNull(name, "name");
  }
}
