package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.PowerState;
import io.switchback.model.VmRef;
import io.switchback.port.Done;
import io.switchback.port.PortCaller;
import io.switchback.port.SiteEffect;
import io.switchback.port.VmActivities;
import io.switchback.port.VmActivities.ChangePower;
import io.switchback.port.VmActivities.LookAtVm;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What becomes of a change when the way to vCenter breaks in the middle of it. The breaks come from
 * the front, which is ours; how often a thing was done is asked from vCenter by the judge.
 */
@ApiTier
class TasksIT {
  private static VcsimEstate estate;

  private VcsimSiteFixture site;
  private VmRef vm;
  private PortCaller<VmActivities> vms;

  @BeforeAll
  static void start() {
    estate = new VcsimEstate("-vms", "30", "-task-delay", "PowerOn=300");
  }

  @AfterAll
  static void stop() {
    estate.close();
  }

  @BeforeEach
  void open() {
    site = new VcsimSiteFixture(estate);
    vm = site.vm();
    vms = new PortCaller<>(VmActivities.class, site.vms());
  }

  @AfterEach
  void close() {
    vms.close();
    site.close();
  }

  @Test
  void findsTheTaskWhoseStartWasNotAnswered() {
    site.front().answer("PowerOnVM_Task", this::lostAfter);

    Done done = vms.call().powerOnVm(change(1));

    assertThat(done.changed()).isTrue();
    assertThat(site.power(vm)).isEqualTo(PowerState.ON);
    assertThat(powerOnTasks()).isEqualTo(1);
  }

  @Test
  void startsATaskAgainOnlyInAnotherAttemptAndWhenTheStateAsksForIt() {
    site.front().answer("PowerOnVM_Task", asked -> new Answer(502, List.of(), ""));
    assertFault(Fault.SITE_UNREACHABLE, () -> vms.call().powerOnVm(change(1)));
    assertThat(powerOnTasks()).isZero();
    site.front().answer("PowerOnVM_Task", site.front()::pass);

    assertThat(vms.attempt(2).powerOnVm(change(1)).changed()).isTrue();

    assertThat(powerOnTasks()).isEqualTo(1);
  }

  @Test
  void goesOnWithTheTaskThatAnEarlierAttemptHasStarted() {
    // The way breaks for good once the task is started, as when the worker dies there.
    site.front()
        .answer(
            "PowerOnVM_Task",
            asked -> {
              Answer started = site.front().pass(asked);
              site.front().answer("WaitForUpdatesEx", other -> new Answer(502, List.of(), ""));
              return started;
            });
    assertFault(Fault.SITE_UNREACHABLE, () -> vms.call().powerOnVm(change(1)));
    site.front().answer("WaitForUpdatesEx", site.front()::pass);
    site.front().answer("PowerOnVM_Task", site.front()::pass);

    Done second = vms.attempt(2).powerOnVm(change(1));

    assertThat(second.attempt()).isEqualTo(2);
    assertThat(site.power(vm)).isEqualTo(PowerState.ON);
    assertThat(powerOnTasks()).isEqualTo(1);
  }

  @Test
  void tellsTheNextAttemptItsTask() {
    vms.call().powerOnVm(change(1));

    assertThat(vms.details(TaskNote.class))
        .anySatisfy(
            note -> {
              assertThat(note.task()).startsWith("task-");
              assertThat(note.method()).isEqualTo("PowerOnVM_Task");
              assertThat(note.vm()).isEqualTo(vm.id());
            });
  }

  @Test
  void goesOnInANewSessionWhenItsOwnWasEnded() {
    vms.call().lookAtVm(new LookAtVm(vm));
    estate.judge().endSessions();

    assertThat(vms.call().powerOnVm(change(1)).changed()).isTrue();

    assertThat(powerOnTasks()).isEqualTo(1);
    assertThat(estate.judge().sessions()).hasSize(1);
  }

  @Test
  void looksAgainWhenSomebodyElseHasChangedTheVmSinceItWasRead() {
    AtomicInteger refused = new AtomicInteger();
    site.front()
        .answer(
            "ReconfigVM_Task",
            asked ->
                refused.getAndIncrement() == 0
                    ? Answer.fault("ConcurrentAccess", "Changed since.", "")
                    : site.front().pass(asked));

    assertThat(vms.call().powerOnVm(change(1)).changed()).isTrue();

    assertThat(refused).hasValue(2);
    assertThat(recordedFence()).isEqualTo("1.7.1.1");
  }

  @Test
  void losesAgainstAHigherFenceThatCameInBetween() {
    site.front()
        .answer(
            "ReconfigVM_Task",
            asked -> {
              estate.judge().setExtraConfig(vm.name(), Fences.KEY, "1.8.0.1");
              return Answer.fault("ConcurrentAccess", "Changed since.", "");
            });

    assertFault(Fault.FENCED, () -> vms.call().powerOnVm(change(1)));

    assertThat(powerOnTasks()).isZero();
    assertThat(recordedFence()).isEqualTo("1.8.0.1");
  }

  @Test
  void sendsTheVersionThatItHasReadWithTheFence() {
    String version = estate.judge().vm(vm.name()).changeVersion();
    StringBuilder sent = new StringBuilder();
    site.front()
        .answer(
            "ReconfigVM_Task",
            asked -> {
              sent.append(asked.body());
              return site.front().pass(asked);
            });

    vms.call().powerOnVm(change(1));

    assertThat(sent).contains("<changeVersion>%s</changeVersion>".formatted(version));
  }

  @Test
  void recordsAFenceOnceWhenTheAnswerWasLost() {
    site.front().answer("ReconfigVM_Task", this::lostAfter);

    assertThat(vms.call().powerOnVm(change(1)).changed()).isTrue();

    assertThat(recordedFence()).isEqualTo("1.7.1.1");
    assertThat(site.front().passed("ReconfigVM_Task", reference(vm))).isEqualTo(1);
  }

  @Test
  void doesNotBelieveAReferenceThatIsAnotherVmsNow() throws Exception {
    vms.call().lookAtVm(new LookAtVm(vm));
    ManagedObjectReference others = new ManagedObjectReference();
    others.setType("VirtualMachine");
    others.setVal(reference(site.other()));
    site.vcenters().at("berlin").references().put(vm.id(), others);

    vms.call().powerOnVm(change(1));

    assertThat(site.power(vm)).isEqualTo(PowerState.ON);
    assertThat(site.power(site.other())).isEqualTo(PowerState.OFF);
  }

  @Test
  void findsAVmByItsIdWhenItsReferenceIsGone() {
    vms.call().lookAtVm(new LookAtVm(vm));
    ManagedObjectReference gone = new ManagedObjectReference();
    gone.setType("VirtualMachine");
    gone.setVal("vm-99999");
    site.vcenters().at("berlin").references().put(vm.id(), gone);

    assertThat(vms.call().lookAtVm(new LookAtVm(vm)).power()).isEqualTo(PowerState.OFF);
  }

  @Test
  void leavesNoPropertyCollectorBehind() {
    vms.call().powerOnVm(change(1));

    assertThat(site.front().leftOpen()).isEmpty();
    assertThat(site.effects(SiteEffect.POWER_ON, vm)).isEqualTo(1);
  }

  private Answer lostAfter(Request asked) {
    site.front().pass(asked);
    return new Answer(502, List.of(), "");
  }

  private String recordedFence() {
    return estate.judge().vm(vm.name()).extraConfig().get(Fences.KEY);
  }

  private static String reference(VmRef of) {
    return estate.judge().vm(of.name()).reference();
  }

  private long powerOnTasks() {
    return estate.judge().tasks().stream()
        .filter(task -> task.kind().equals("VirtualMachine.powerOn"))
        .filter(task -> reference(vm).equals(task.entity()))
        .count();
  }

  private ChangePower change(long step) {
    return new ChangePower(new Mandate("operation", "step", new Fence(1, 7, step, 0)), vm);
  }

  private static void assertFault(Fault fault, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class,
            thrown -> assertThat(thrown.fault()).as(thrown.sentence()).isEqualTo(fault));
  }
}
