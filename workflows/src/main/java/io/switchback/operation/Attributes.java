package io.switchback.operation;

import io.temporal.common.SearchAttributeKey;
import java.util.List;

/**
 * The search attributes by which runs are found in the Temporal UI. They must be registered before
 * the first run starts.
 */
public final class Attributes {
  /** Words of the operation, as in {@code fail over}. */
  public static final SearchAttributeKey<String> OPERATION =
      SearchAttributeKey.forKeyword("SwitchbackOperation");

  /** Name of the VM that the run is about. */
  public static final SearchAttributeKey<String> VM = SearchAttributeKey.forKeyword("SwitchbackVm");

  /** Recovery site of the replica that the run is about. */
  public static final SearchAttributeKey<String> SITE =
      SearchAttributeKey.forKeyword("SwitchbackSite");

  /** Whether the run, or a member of it, waits for a person. */
  public static final SearchAttributeKey<Boolean> PARKED =
      SearchAttributeKey.forBoolean("SwitchbackParked");

  /** Every one. */
  public static final List<SearchAttributeKey<?>> ALL = List.of(OPERATION, VM, SITE, PARKED);

  private Attributes() {}
}
