package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.port.CopyActivities;
import io.switchback.port.CopyActivities.Copied;
import io.switchback.port.PortCaller;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Copies whose answer is lost, that take their time, or that somebody gives up meanwhile. */
@ByteTier
class VsphereCopyUnderWayIT {
  @Test
  void makesOneCopyWhenTheAnswerToTheCloneIsLost() {
    try (CopyGround ground = new CopyGround()) {
      ground.fixture.front().next("CloneVM_Task", new Deed.CutAfter());

      Copied first = ground.port.attempt(1).copyVm(ground.request(true));
      Copied second = ground.port.attempt(2).copyVm(ground.request(true));

      assertThat(second.vm()).isEqualTo(first.vm());
      assertThat(ground.fixture.judge().vms()).containsExactly("web-01_drill", "web-01_replica");
      assertThat(ground.fixture.judge().vm("web-01_drill").instanceUuid())
          .isEqualTo(first.vm().id());
    }
  }

  @Test
  void waitsForAClonesEndWhenItsAnswerIsLost() {
    try (CopyGround ground = CopyGround.slow()) {
      ground.fixture.front().next("CloneVM_Task", new Deed.CutAfter());

      Copied copy = ground.port.attempt(1).copyVm(ground.request(true));

      assertThat(ground.fixture.judge().vm("web-01_drill").instanceUuid())
          .isEqualTo(copy.vm().id());
      assertThat(ground.fixture.front().calls("CloneVM_Task")).isEqualTo(1);
    }
  }

  @Test
  void goesOnWithACloneThatNobodyToldItOf() throws Exception {
    try (CopyGround ground = CopyGround.slow();
        PortCaller<CopyActivities> late = ground.another()) {
      CountDownLatch begun = ground.begun();
      var _ = ground.copying();
      begun.await();

      Copied second = late.attempt(2).copyVm(ground.request(true));

      assertThat(ground.fixture.judge().vm("web-01_drill").instanceUuid())
          .isEqualTo(second.vm().id());
      assertThat(ground.fixture.front().calls("CloneVM_Task")).isEqualTo(1);
    }
  }

  @Test
  void removesACopyThatIsStillBeingMade() throws Exception {
    try (CopyGround ground = CopyGround.slow();
        PortCaller<CopyActivities> other = ground.another()) {
      CountDownLatch begun = ground.begun();
      Future<Copied> copying = ground.copying();
      begun.await();

      var _ = other.call().removeCopy(ground.removal());

      assertThat(ground.fixture.owner().runningTasks()).isEmpty();
      assertThat(ground.fixture.judge().vms()).containsExactly("web-01_replica");
      assertThatThrownBy(copying::get).cause().isInstanceOf(FaultException.class);
    }
  }

  @Test
  void removesACloneThatBeganAfterItWasGivenUp() throws Exception {
    try (CopyGround ground = new CopyGround();
        PortCaller<CopyActivities> other = ground.another()) {
      CountDownLatch goOn = new CountDownLatch(1);
      CountDownLatch asked = new CountDownLatch(1);
      ground.cloning(
          request -> {
            asked.countDown();
            await(goOn);
            return ground.fixture.front().pass(request);
          });
      Future<Copied> copying = ground.copying();
      asked.await();

      assertThat(other.call().removeCopy(ground.removal()).changed()).isFalse();
      goOn.countDown();

      assertThatThrownBy(copying::get)
          .cause()
          .isInstanceOfSatisfying(
              FaultException.class, thrown -> assertThat(thrown.fault()).isEqualTo(Fault.FENCED));
      assertThat(ground.fixture.judge().vms()).containsExactly("web-01_replica");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
