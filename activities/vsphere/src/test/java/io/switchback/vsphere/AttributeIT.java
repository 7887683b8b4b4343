package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.vsphere.soap.SoapServer.Answer;
import io.switchback.vsphere.soap.SoapServer.Request;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A custom attribute that several write. */
@ApiTier
class AttributeIT {
  private static final String NAME = "switchback-test";
  private static final String VM = "vm-0";

  private VcsimEstate estate;
  private Front front;
  private VCenter vcenter;
  private ManagedObjectReference vm;

  @BeforeEach
  void open() {
    estate = new VcsimEstate("-vms", "1");
    front = Front.before(estate.vcsim());
    vcenter =
        new VCenter(
            front.settings(new OperationCaps.Limits(2, 2, Duration.ZERO, Duration.ofMinutes(1))));
    vm = new ManagedObjectReference();
    vm.setType("VirtualMachine");
    vm.setVal(estate.judge().vm(VM).reference());
  }

  @AfterEach
  void close() {
    vcenter.close();
    front.close();
    estate.close();
  }

  @Test
  void whoWasOverwrittenWritesAgain() throws Exception {
    add("first");
    Overwriting race = new Overwriting();
    front.answer("SetField", race::answer);

    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one = writers.submit(() -> addUnchecked("one"));
      Future<?> two = writers.submit(() -> addUnchecked("two"));
      one.get(60, TimeUnit.SECONDS);
      two.get(60, TimeUnit.SECONDS);
    }

    assertThat(race.asked).as("one wrote twice").hasValue(3);
    assertThat(estate.judge().attribute(VM, NAME).split(","))
        .containsOnlyOnce("first", "one", "two");
  }

  @Test
  void writesWhenItsTurnComes() throws RemoteException {
    String held =
        vcenter.caps().admit("one", "", () -> vcenter.caps().admit("two", "", this::refusedAsBusy));

    assertThat(held).isEqualTo("both");
    assertThat(front.calls("AddCustomFieldDef")).isZero();
    assertThat(front.calls("SetField")).isZero();
    add("later");
    assertThat(estate.judge().attribute(VM, NAME)).isEqualTo("later");
  }

  private String refusedAsBusy() {
    assertThatThrownBy(() -> add("too much"))
        .isInstanceOfSatisfying(
            FaultException.class, busy -> assertThat(busy.fault()).isEqualTo(Fault.BUSY));
    return "both";
  }

  /** Two have read the same; the second writes over the first before that reads again. */
  private final class Overwriting {
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch both = new CountDownLatch(2);
    private final CountDownLatch firstWrote = new CountDownLatch(1);
    private final CountDownLatch secondWrote = new CountDownLatch(1);

    Answer answer(Request call) {
      int number = asked.incrementAndGet();
      if (number > 2) {
        return front.pass(call);
      }
      both.countDown();
      await(both);
      if (number == 2) {
        await(firstWrote);
      }
      Answer written = front.pass(call);
      (number == 1 ? firstWrote : secondWrote).countDown();
      await(secondWrote);
      return written;
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void addUnchecked(String entry) {
    try {
      add(entry);
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }

  private void add(String entry) throws RemoteException {
    new Attribute(vcenter, NAME, "VirtualMachine").change("note it", vm, now -> with(now, entry));
  }

  private static String with(String now, String entry) {
    if (now.contains(entry)) {
      return now;
    }
    return now.isEmpty() ? entry : now + "," + entry;
  }
}
