package io.switchback.operation;

import io.switchback.model.Mistakes;
import java.util.List;

/**
 * What becomes of a replica whose protection ends.
 *
 * @param replica {@code keep}: its VM and points stay, as a VM like any other; {@code remove}: both
 *     go
 * @param confirm names of VMs whose replicas may be removed although they run in production's place
 */
public record Unprotection(String replica, List<String> confirm) {
  /** The VM and its points stay. */
  public static final String KEEP = "keep";

  /** The VM and its points go. */
  public static final String REMOVE = "remove";

  public Unprotection {
    confirm = confirm == null ? List.of() : List.copyOf(confirm);
    new Mistakes().required(replica, "replica").refuse("unprotection");
  }

  boolean removes() {
    return replica.equals(REMOVE);
  }
}
