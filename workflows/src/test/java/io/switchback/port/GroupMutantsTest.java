package io.switchback.port;

import io.switchback.model.Pace;
import io.switchback.model.RestorePoint;
import io.switchback.model.VmSelection;
import io.switchback.port.FakeRegistry.FakeGroup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about groups; the suite notices. */
final class GroupMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeGroupActivities::new);

  static final class Suite extends GroupContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, GroupActivities, RegistryFixture> mutants =
        new AdapterMutants<>(GroupContract.class, GroupMutantsTest::with);
    defining(mutants);
    cycling(mutants);
    keeping(mutants);
    choosing(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, GroupActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public GroupActivities groups() {
        return adapter.apply(registry);
      }
    };
  }

  private static void defining(
      AdapterMutants<FakeRegistry, GroupActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "defines it again",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  public GroupDefined defineGroup(DefineGroup request) {
                    GroupDefined defined = super.defineGroup(request);
                    return new GroupDefined(
                        defined.members(),
                        defined.left(),
                        defined.mistakes(),
                        true,
                        defined.pace(),
                        defined.attempt());
                  }
                },
            "makesAGroupOfProtectedVmsOnce")
        .add(
            "takes what it can get",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  List<String> mistakes(DefineGroup request) {
                    return List.of();
                  }
                },
            "listsEveryMistakeAndChangesNothing")
        .add(
            "lets nobody leave",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  void define(DefineGroup request) {
                    List<String> all = new ArrayList<>(request.vms());
                    registry.replicas.values().stream()
                        .filter(replica -> replica.group.equals(request.group()))
                        .forEach(replica -> all.add(replica.replica.name()));
                    super.define(new DefineGroup(request.group(), all, request.by()));
                  }
                },
            "namesWhoHasLeft",
            "endsAGroupOfNoVmsAndLeavesItsPartsToTheirReplicas");
  }

  private static void cycling(
      AdapterMutants<FakeRegistry, GroupActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "begins the same cycle again",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  public GroupStart beginGroupCycle(BeginGroupCycle request) {
                    GroupStart start = super.beginGroupCycle(request);
                    return new GroupStart(
                        1, start.members(), start.interval(), start.pace(), start.attempt());
                  }
                },
            "countsTheCycleUpAndTellsTheMembers")
        .add(
            "is as patient as anybody",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  public GroupStart beginGroupCycle(BeginGroupCycle request) {
                    GroupStart start = super.beginGroupCycle(request);
                    return new GroupStart(
                        start.number(),
                        start.members(),
                        start.interval(),
                        Pace.DEFAULT,
                        start.attempt());
                  }
                },
            "isAsPatientAsTheSitesOfItsReplicas")
        .add(
            "knows every group",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  public GroupStart beginGroupCycle(BeginGroupCycle request) {
                    return new GroupStart(1, List.of(), Duration.ofMinutes(1), Pace.DEFAULT, 1);
                  }
                },
            "beginsNoCycleOfAGroupThatIsNotThere",
            "saysThatTheRegistryDoesNotAnswer")
        .add(
            "takes a point for whole without looking",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  String whyNot(CompleteGroupCycle request) {
                    return "";
                  }
                },
            "recordsNoneWithoutEveryPartAndSaysWhy",
            "recordsNoneOfAPartThatTheRegistryDoesNotHave")
        .add(
            "never finds it whole",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  String whyNot(CompleteGroupCycle request) {
                    return "no";
                  }
                },
            "recordsThePointWhenEveryMemberHasItsPart")
        .add(
            "looks again at what is recorded",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  GroupPoint complete(FakeGroup group, String id, CompleteGroupCycle request) {
                    GroupPoint point = super.complete(group, id, request);
                    group.answers.clear();
                    return point;
                  }
                },
            "answersTheSameWhenThePointIsRecordedAlready");
  }

  private static void choosing(
      AdapterMutants<FakeRegistry, GroupActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "takes each member to its own newest point",
            () ->
                finding(
                    registry ->
                        new FakeCatalogueActivities(registry) {
                          @Override
                          List<VmSelection> members(Resolve request, List<String> mistakes) {
                            return super.members(request, mistakes).stream()
                                .map(vm -> vm.of(vm.name(), VmSelection.LATEST))
                                .toList();
                          }
                        }),
            "findsTheMembersAtTheirPartsOfTheGroupsNewestOrNamedPoint")
        .add(
            "knows nothing of a mistake",
            () ->
                finding(
                    registry ->
                        new FakeCatalogueActivities(registry) {
                          @Override
                          List<VmSelection> members(Resolve request, List<String> mistakes) {
                            return super.members(request, new ArrayList<>());
                          }
                        }),
            "namesAGroupOrAPointThatIsNotThere")
        .add(
            "warns of nothing",
            () ->
                finding(
                    registry ->
                        new FakeCatalogueActivities(registry) {
                          @Override
                          List<String> warnings(Resolve request, List<Member> members) {
                            return List.of();
                          }
                        }),
            "warnsOfAGroupThatGoesToDifferentMomentsOrIsNotWhole");
  }

  private static RegistryFixture finding(Function<FakeRegistry, CatalogueActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public CatalogueActivities catalogue() {
        return adapter.apply(registry);
      }
    };
  }

  private static void keeping(
      AdapterMutants<FakeRegistry, GroupActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "lets parts go one by one",
            () ->
                new FakeRegistryFixture() {
                  @Override
                  public CycleActivities cycles() {
                    return new FakeCycleActivities(registry) {
                      @Override
                      boolean isNeeded(FakeReplica replica, RestorePoint point) {
                        return false;
                      }
                    };
                  }
                },
            "keepsThePartsOfItsPointsWhateverTheirReplicasPoliciesSay")
        .add(
            "keeps every point of a group for ever",
            registry ->
                new FakeGroupActivities(registry) {
                  @Override
                  void letGo(String name, FakeGroup group) {}
                },
            "letsAPointGoWithAllItsParts");
  }
}
