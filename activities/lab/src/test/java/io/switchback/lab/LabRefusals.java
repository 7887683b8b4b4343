package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What a site refuses. */
final class LabRefusals {
  private LabRefusals() {}

  static void refuses(LabFault fault, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LabException.class, e -> assertThat(e.fault()).isEqualTo(fault.name()));
  }
}
