package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.port.RoomActivities.DatastoreRoom;
import io.switchback.port.RoomActivities.HostRoom;
import io.switchback.port.RoomActivities.VmNeed;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about room; the suite notices. */
final class RoomMutantsTest {
  private static Supplier<RoomFixture> fixture = () -> with(FakeRoomActivities::new);

  static final class Suite extends RoomContract {
    @Override
    protected RoomFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, RoomActivities, RoomFixture> mutants =
        new AdapterMutants<>(RoomContract.class, RoomMutantsTest::with);
    measuring(mutants);
    needing(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static RoomFixture with(Function<FakeSite, RoomActivities> adapter) {
    return new FakeRoomFixture(adapter);
  }

  private static void measuring(AdapterMutants<FakeSite, RoomActivities, RoomFixture> mutants) {
    mutants
        .add(
            "knows no datastores",
            site ->
                new FakeRoomActivities(site) {
                  @Override
                  List<DatastoreRoom> datastores() {
                    return List.of();
                  }
                },
            "answersEveryHostAndDatastore")
        .add(
            "counts what is there, not what is free",
            site ->
                new FakeRoomActivities(site) {
                  @Override
                  List<HostRoom> hosts() {
                    return List.copyOf(site.room().hosts.values());
                  }

                  @Override
                  List<DatastoreRoom> datastores() {
                    return List.copyOf(site.room().datastores.values());
                  }
                },
            "aVmThatRunsTakesItsShareOfAHost",
            "whatAVmWritesTakesRoomOfItsDatastore")
        .add("never gives a share back", Hoarder::new, "aVmThatIsOffGivesItsShareBack")
        .add(
            "hides an outage",
            site ->
                new FakeRoomActivities(site) {
                  @Override
                  public Room measureRoom(MeasureRoom request) {
                    try {
                      return super.measureRoom(request);
                    } catch (FaultException nobodyAnswers) {
                      return new Room(
                          request.site(), List.of(), List.of(), List.of(), Instant.EPOCH);
                    }
                  }
                },
            "saysThatTheSiteDoesNotAnswer",
            "namesAVmThatTheHypervisorDoesNotKnow");
  }

  private static void needing(AdapterMutants<FakeSite, RoomActivities, RoomFixture> mutants) {
    mutants
        .add(
            "no VM needs anything",
            site ->
                new FakeRoomActivities(site) {
                  @Override
                  VmNeed need(FakeVm vm) {
                    return new VmNeed(vm.ref, 0, 0, 0, "", "");
                  }
                },
            "saysWhatEachVmNeeds")
        .add(
            "counts a VM that runs twice",
            site ->
                new FakeRoomActivities(site) {
                  @Override
                  boolean needsRoom(FakeVm vm) {
                    return true;
                  }
                },
            "aVmThatRunsNeedsNothing");
  }

  /** Answers the least that was ever free. */
  private static final class Hoarder extends FakeRoomActivities {
    private List<HostRoom> least = List.of();

    Hoarder(FakeSite site) {
      super(site);
    }

    @Override
    List<HostRoom> hosts() {
      List<HostRoom> now = super.hosts();
      boolean less =
          least.isEmpty() || now.getFirst().freeMemoryBytes() < least.getFirst().freeMemoryBytes();
      least = less ? now : least;
      return least;
    }
  }
}
