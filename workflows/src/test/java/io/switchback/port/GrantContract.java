package io.switchback.port;

import static io.switchback.port.SiteContract.assertFault;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.GrantActivities.GrantRead;
import io.switchback.port.GrantActivities.SignedGrant;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link GrantActivities} promises. */
public abstract class GrantContract {
  private static final VmRef WEB = new VmRef("berlin", "web-01", "web-01");
  private static final GrantRead ASKED = asked(7, WEB, "disk-0", "cycle-7", "potsdam");

  private GrantFixture control;
  private PortCaller<GrantActivities> grants;

  /** A control side of its own for one test. */
  protected abstract GrantFixture open() throws Exception;

  @BeforeEach
  final void openControl() throws Exception {
    control = open();
    grants = new PortCaller<>(GrantActivities.class, control.grants());
  }

  @AfterEach
  final void closeControl() {
    grants.close();
    control.close();
  }

  @Test
  void opensWhatWasAskedForAndOpensItAgain() {
    String grant = sign(ASKED).text();

    assertThat(control.opens(grant, ASKED)).isTrue();
    assertThat(control.opens(grant, ASKED)).isTrue();
  }

  @Test
  void opensNothingElse() {
    String grant = sign(ASKED).text();
    VmRef db = new VmRef("berlin", "db-01", "db-01");

    assertThat(control.opens(grant, asked(7, db, "disk-0", "cycle-7", "potsdam"))).isFalse();
    assertThat(control.opens(grant, asked(7, WEB, "disk-1", "cycle-7", "potsdam"))).isFalse();
    assertThat(control.opens(grant, asked(7, WEB, "disk-0", "cycle-6", "potsdam"))).isFalse();
  }

  @Test
  void opensForNobodyElse() {
    assertThat(control.opens(sign(ASKED).text(), asked(7, WEB, "disk-0", "cycle-7", "bremen")))
        .isFalse();
  }

  @Test
  void opensNoMoreOnceANewerOneHas() {
    String older = sign(ASKED).text();
    GrantRead next = asked(8, WEB, "disk-0", "cycle-8", "potsdam");
    assertThat(control.opens(sign(next).text(), next)).isTrue();

    assertThat(control.opens(older, ASKED)).isFalse();
  }

  @Test
  void saysUntilWhenItIsGood() {
    SignedGrant grant = sign(ASKED);

    assertThat(Duration.between(control.now(), grant.expiresAt()))
        .isBetween(Duration.ofHours(1), Duration.ofHours(24));
  }

  @Test
  void saysThatThereIsNoKey() {
    control.loseKey();

    assertFault(Fault.NOT_CONFIGURED, () -> sign(ASKED));
  }

  private SignedGrant sign(GrantRead request) {
    return grants.call().grantRead(request);
  }

  private static GrantRead asked(long step, VmRef vm, String disk, String snapshot, String holder) {
    Mandate mandate = new Mandate("cycle/web.1/" + step, "transfer", new Fence(1, 3, step, 0));
    return new GrantRead(mandate, vm, disk, snapshot, 1 << 20, holder);
  }
}
