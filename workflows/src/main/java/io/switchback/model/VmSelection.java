package io.switchback.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A VM named in an input, with what is asked for it alone.
 *
 * @param name of the protected VM; empty when a group is named
 * @param restorePoint {@code latest}, a restore point's id, or a time: then the newest not later
 *     than it; of the group, when one is named
 * @param confirm the sentence that confirms what will be gone for good; empty when it is not
 *     confirmed
 * @param choose which way to reconcile; empty when none is chosen
 * @param group whose members are meant; empty when a VM is named
 * @param delay after which the next VM may start; null when none is said
 */
public record VmSelection(
    String name,
    String restorePoint,
    String confirm,
    String choose,
    String group,
    @Nullable Duration delay) {
  /** The restore point that is meant when none is named. */
  public static final String LATEST = "latest";

  public VmSelection {
    name = name == null ? "" : name;
    restorePoint = restorePoint == null ? LATEST : restorePoint;
    confirm = confirm == null ? "" : confirm;
    choose = choose == null ? "" : choose;
    group = group == null ? "" : group;
    new Mistakes()
        .unless(!name.isBlank() || !group.isBlank(), "name is missing")
        .unless(name.isBlank() || group.isBlank(), "name and group exclude each other")
        .refuse("vm");
  }

  /** The same for one member of the group. */
  public VmSelection of(String member, String point) {
    return new VmSelection(member, point, confirm, choose, "", delay);
  }

  /** A VM, or a group, after which nobody waits. */
  public VmSelection(
      String name, String restorePoint, String confirm, String choose, String group) {
    this(name, restorePoint, confirm, choose, group, null);
  }

  /** A VM for which nothing is confirmed or chosen but its restore point. */
  public VmSelection(String name, String restorePoint) {
    this(name, restorePoint, "", "", "");
  }
}
