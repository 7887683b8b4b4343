package io.switchback.registry;

import io.switchback.model.Mistakes;
import io.switchback.model.Pace;
import java.util.regex.Pattern;

/**
 * A site to enrol. Every field but the name may be absent; the default then holds.
 *
 * @param name also names the queue {@code site.<name>}
 * @param pace of operations whose replicas are there
 * @param startingAtMost VMs that may be starting there at once; 10
 */
public record EnrolledSite(String name, Pace pace, Integer startingAtMost) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  public EnrolledSite {
    pace = pace == null ? Pace.DEFAULT : pace;
    startingAtMost = startingAtMost == null ? 10 : startingAtMost;
    new Mistakes()
        .required(name, "name")
        .unless(
            name == null || NAME.matcher(name).matches(),
            "name must be of letters, digits, '.', '_' and '-'")
        .unless(startingAtMost >= 1, "startingAtMost must be at least 1")
        .refuse("site");
  }
}
