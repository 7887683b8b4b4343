package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Hardware;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites of a site's inventory and of its replicas' VMs have in common. */
public abstract class PlacementContract {
  static final long MIB = 1 << 20;

  PlacementFixture site;

  /** A site of its own for one test. */
  protected abstract PlacementFixture open() throws Exception;

  @BeforeEach
  final void openSite() throws Exception {
    site = open();
  }

  @AfterEach
  final void closeSite() {
    site.close();
  }

  static Mandate step(long number) {
    return new Mandate(
        "0190c5d2-3f6a-7cc3-98c4-dc0c0c07398f", "step " + number, new Fence(1, 7, number, 0));
  }

  static void assertFault(Fault fault, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).as(thrown.sentence()).isEqualTo(fault);
              assertThat(thrown.sentence()).isNotBlank();
            });
  }

  /** Without what only the platform itself understands. */
  static Hardware plain(Hardware of) {
    return new Hardware(of.cpus(), of.memoryBytes(), of.firmware(), of.nics());
  }

  VmRef nobody() {
    return new VmRef(site.site(), "vm-nobody-knows", "nobody");
  }
}
