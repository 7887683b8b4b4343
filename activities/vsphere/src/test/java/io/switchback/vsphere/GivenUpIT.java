package io.switchback.vsphere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import java.rmi.RemoteException;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Fences of what is gone, in the attributes of a simulated vCenter. */
@ApiTier
class GivenUpIT {
  /** Of the longest kind that there is room for. */
  private static final Fence HIGH = new Fence(12, 3456, 7_890_123_456L, 78);

  /** Eight of the longest fill an attribute: one has just been begun anew. */
  private static final int MANY = 12 * 8 + 1;

  private static final Fence LOW = new Fence(1, 1, 1, 1);

  @AutoClose private final VcsimEstate estate = new VcsimEstate();
  @AutoClose private final Front front = Front.before(estate.vcsim());
  @AutoClose private final VCenter vcenter = new VCenter(front.settings());
  @AutoClose private final VCenter another = new VCenter(front.settings());

  @Test
  void remembersTheNewest64OfDrillsAndForgetsTheOldest() throws RemoteException {
    GivenUp drills = GivenUp.ofDrills(vcenter);
    record(drills, MANY);

    assertThat(isRemembered(drills, 0)).isFalse();
    assertThat(IntStream.range(MANY - 64, MANY)).allMatch(number -> isRemembered(drills, number));
  }

  @Test
  void remembersTheNewest16ReplicasWhateverDrillsComeAndGo() throws RemoteException {
    GivenUp replicas = GivenUp.ofReplicas(vcenter);
    record(replicas, MANY);
    record(GivenUp.ofDrills(another), MANY);

    assertThat(IntStream.range(MANY - 16, MANY)).allMatch(number -> isRemembered(replicas, number));
  }

  private static boolean isRemembered(GivenUp in, int number) {
    try {
      in.refuseLower("copy x", "thing " + number, LOW);
      return false;
    } catch (FaultException fenced) {
      assertThat(fenced.fault()).isEqualTo(Fault.FENCED);
      return true;
    } catch (RemoteException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsRecordedAgainIsTheNewest() throws RemoteException {
    GivenUp drills = GivenUp.ofDrills(vcenter);
    drills.record("end a drill", "drill/1", LOW);
    record(drills, 60);
    drills.record("end a drill", "drill/1", HIGH);
    record(drills, 60);

    assertFenced(() -> drills.refuseLower("make a network", "drill/1", LOW));
    assertThatCode(() -> drills.refuseLower("make a network", "drill/1", HIGH))
        .doesNotThrowAnyException();
  }

  @Test
  void ofTwoAtOnceTheLowerOneIsRefused() throws RemoteException {
    GivenUp drills = GivenUp.ofDrills(vcenter);
    // The first attribute has room for the short fence, and none for the long one.
    for (int number = 0; number < 13; number++) {
      drills.record("fill", "thing " + number, LOW);
    }
    front.next(
        "SetField",
        new Deed.Say(
            asked -> {
              assertThatCode(() -> GivenUp.ofDrills(another).record("remove x", "copy of x", HIGH))
                  .doesNotThrowAnyException();
              return front.pass(asked);
            }));

    assertFenced(() -> drills.record("remove x", "copy of x", LOW));
    assertFenced(() -> drills.refuseLower("copy x", "copy of x", LOW));
  }

  private static void record(GivenUp in, int count) throws RemoteException {
    for (int number = 0; number < count; number++) {
      in.record("remove x", "thing " + number, HIGH);
    }
  }

  private static void assertFenced(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class, thrown -> assertThat(thrown.fault()).isEqualTo(Fault.FENCED));
  }
}
