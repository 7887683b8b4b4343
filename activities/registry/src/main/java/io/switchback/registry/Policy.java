package io.switchback.registry;

import io.switchback.model.Check;
import io.switchback.model.Mistakes;
import java.time.Duration;
import java.util.List;

/**
 * How VMs are protected. Every field but the name may be absent; the default then holds.
 *
 * @param name by which replicas refer to it
 * @param interval from the start of one cycle to the start of the next; 15 min
 * @param retention how many restore points are kept; 14
 * @param quiesced whether the guest's tools complete what is half done before a snapshot; true
 * @param checks that tell whether a started guest serves; none
 */
public record Policy(
    String name, Duration interval, Integer retention, Boolean quiesced, List<Check> checks) {
  public static final String DEFAULT_NAME = "default";

  public Policy {
    name = name == null ? DEFAULT_NAME : name;
    interval = interval == null ? Duration.ofMinutes(15) : interval;
    retention = retention == null ? 14 : retention;
    quiesced = quiesced == null || quiesced;
    checks = checks == null ? List.of() : List.copyOf(checks);
    new Mistakes()
        .required(name, "name")
        .unless(interval.toMillis() >= 1000, "interval must be at least 1 s")
        .unless(retention >= 1, "retention must keep at least 1 restore point")
        .refuse("policy");
  }
}
