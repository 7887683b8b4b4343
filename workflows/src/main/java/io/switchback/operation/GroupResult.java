package io.switchback.operation;

import java.util.List;

/**
 * What became of a group.
 *
 * @param vms that are in it now
 * @param changed whether it was otherwise before
 */
public record GroupResult(String group, List<String> vms, boolean changed) {
  public GroupResult {
    vms = List.copyOf(vms);
  }
}
