package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.PortCaller;
import io.switchback.port.VmActivities;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long a task may run, which the time that it waits in vCenter's queue is no part of. */
@ApiTier
class TaskLimitIT {
  private static final OperationCaps.Limits SHORT =
      new OperationCaps.Limits(64, 8, Duration.ofMinutes(1), Duration.ofMillis(1));

  @AutoClose
  private final VcsimEstate estate = new VcsimEstate("-vms", "1", "-task-delay", "PowerOn=2000");

  @AutoClose private final Front front = Front.before(estate.vcsim());

  @AutoClose
  private final VCenters vcenters =
      new VCenters(Map.of("berlin", new VCenter(front.settings(SHORT))));

  @AutoClose
  private final PortCaller<VmActivities> vms =
      new PortCaller<>(VmActivities.class, new VsphereVmActivities(vcenters));

  private ChangePower powerOn;

  @BeforeEach
  void look() {
    VmRef vm = new VmRef("berlin", estate.judge().vm("vm-0").instanceUuid(), "vm-0");
    powerOn = new ChangePower(new Mandate("operation", "step", new Fence(1, 7, 1, 0)), vm);
    // Without a fence that is recorded first, a task of its own.
    estate.judge().setExtraConfig("vm-0", Fences.KEY, "1.7.1.1");
  }

  @Test
  void doesNotCountTheTimeInVCentersQueue() {
    wakesUpInBetween(told -> told.replace(">running<", ">queued<"));

    assertThat(vms.call().powerOnVm(powerOn).changed()).isTrue();
  }

  @Test
  void isPutOffByATaskThatRunsForLongerAndTheNextAttemptGoesOnWithIt() {
    wakesUpInBetween(told -> told);
    assertThatThrownBy(() -> vms.call().powerOnVm(powerOn))
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> {
              assertThat(thrown.fault()).isEqualTo(Fault.BUSY);
              assertThat(thrown.sentence()).contains("PowerOnVM_Task of ", "has run for PT0.001S");
            });
    front.heal();

    assertThat(vms.attempt(2).powerOnVm(powerOn).attempt()).isEqualTo(2);

    assertThat(estate.judge().tasks("VirtualMachine.powerOn")).isEqualTo(1);
    assertThat(estate.judge().vm("vm-0").power()).isEqualTo("poweredOn");
  }

  /** vCenter says at once what the task does, and then twice that there is nothing new. */
  private void wakesUpInBetween(UnaryOperator<String> told) {
    AtomicInteger asked = new AtomicInteger();
    front.answer(
        "WaitForUpdatesEx",
        (Request request) -> {
          if (isInBetween(asked.getAndIncrement())) {
            return Answer.of("WaitForUpdatesEx", "");
          }
          Answer answer = front.pass(request);
          return new Answer(answer.status(), answer.headers(), told.apply(answer.body()));
        });
  }

  private static boolean isInBetween(int asked) {
    return asked == 1 || asked == 2;
  }
}
