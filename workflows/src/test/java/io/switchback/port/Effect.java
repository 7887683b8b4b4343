package io.switchback.port;

import io.switchback.model.Mandate;

/**
 * A change that a fake made, in the order they were made.
 *
 * @param what kind of change, as the fake that made it calls it
 * @param target VM, disk or replica id
 * @param operationId empty when nobody's operation made it
 */
public record Effect(String what, String target, String operationId, long step, int attempt) {
  static Effect by(Mandate mandate, String what, String target) {
    return new Effect(
        what, target, mandate.operationId(), mandate.fence().step(), Attempts.current());
  }

  static Effect by(String operationId, String what, String target) {
    return new Effect(what, target, operationId, 0, Attempts.current());
  }
}
