package io.switchback.port;

import io.switchback.model.DiskPair;
import io.switchback.model.Replica;
import io.switchback.model.Sheet;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Adapters that break a promise about break-glass sheets; the suite notices. */
final class SheetMutantsTest {
  private static Supplier<SheetFixture> fixture = () -> with(FakeSheetActivities::new);

  static final class Suite extends SheetContract {
    @Override
    protected SheetFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeSite, SheetActivities, SheetFixture> mutants =
        new AdapterMutants<>(SheetContract.class, SheetMutantsTest::with);
    writing(mutants);
    removing(mutants);
    admitting(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static SheetFixture with(Function<FakeSite, SheetActivities> adapter) {
    return new FakeSheetFixture(adapter);
  }

  private static void writing(AdapterMutants<FakeSite, SheetActivities, SheetFixture> mutants) {
    mutants
        .add(
            "an empty page",
            site -> paging(site, (sheet, page) -> ""),
            "namesTheVmItsDisksAndItsNetworks")
        .add(
            "names the newest point only",
            site ->
                new FakeSheetActivities(site) {
                  @Override
                  String page(Sheet sheet, FakeVm vm) {
                    return super.page(
                        new Sheet(sheet.replica(), sheet.restorePoints().subList(0, 1), ""), vm);
                  }
                },
            "namesEveryRestorePointWithItsTime")
        .add("one page for all", OnePage::new, "saysWhichPageIsWhose", "leavesOtherPagesAlone")
        .add(
            "keeps the first page",
            site ->
                new FakeSheetActivities(site) {
                  @Override
                  public Done writeSheet(WriteSheet request) {
                    return site.sheets().containsKey(request.sheet().replica().id())
                        ? new Done(false, Attempts.current())
                        : super.writeSheet(request);
                  }
                },
            "replacesTheOlderPage")
        .add(
            "a page is never the same twice",
            site -> paging(site, (sheet, page) -> page + site.now()),
            "answersUnchangedWhenThePageSaysSoAlready")
        .add(
            "counts no attempts",
            site ->
                new FakeSheetActivities(site) {
                  @Override
                  public Done writeSheet(WriteSheet request) {
                    return new Done(super.writeSheet(request).changed(), 1);
                  }
                },
            "saysWhichAttemptAnswers");
  }

  private static void removing(AdapterMutants<FakeSite, SheetActivities, SheetFixture> mutants) {
    mutants
        .add(
            "effect lost",
            site ->
                new FakeSheetActivities(site) {
                  @Override
                  boolean remove(String replicaId) {
                    return true;
                  }
                },
            "removesThePage",
            "answersUnchangedWhenThereIsNoPage")
        .add(
            "needs the VM for its page to go",
            site ->
                new FakeSheetActivities(site) {
                  @Override
                  public Done removeSheet(RemoveSheet request) {
                    var _ = site.vm(request.replica().recovery(), request.mandate());
                    return super.removeSheet(request);
                  }
                },
            "removesThePageOfAVmThatIsGone");
  }

  private static void admitting(AdapterMutants<FakeSite, SheetActivities, SheetFixture> mutants) {
    mutants
        .add(
            "fence ignored when writing",
            site ->
                new FakeSheetActivities(site) {
                  @Override
                  FakeVm admitWriter(WriteSheet request) {
                    return site.vm(request.sheet().replica().recovery());
                  }
                },
            "refusesAPageUnderALowerFence")
        .add(
            "fence ignored when removing",
            site ->
                new FakeSheetActivities(site) {
                  @Override
                  public Done removeSheet(RemoveSheet request) {
                    return new Done(remove(request.replica().id()), Attempts.current());
                  }
                },
            "refusesToRemoveUnderALowerFence",
            "saysThatTheSiteDoesNotAnswer")
        .add("writes of a VM that nobody knows", Inventor::new, "namesAVmThatTheSiteDoesNotKnow");
  }

  private interface Page {
    String of(Sheet sheet, String page);
  }

  private static FakeSheetActivities paging(FakeSite site, Page pages) {
    return new FakeSheetActivities(site) {
      @Override
      String page(Sheet sheet, FakeVm vm) {
        return pages.of(sheet, super.page(sheet, vm));
      }
    };
  }

  /** Writes whatever it is asked to every page there is. */
  private static final class OnePage extends FakeSheetActivities {
    OnePage(FakeSite site) {
      super(site);
    }

    @Override
    public Done writeSheet(WriteSheet request) {
      Done done = super.writeSheet(request);
      for (String replica : List.of("web-01.1", "web-02.1")) {
        site.sheets().put(replica, "page");
      }
      return done;
    }

    @Override
    boolean remove(String replicaId) {
      boolean there = super.remove(replicaId);
      site.sheets().clear();
      return there;
    }
  }

  /** Does not look whether the VM is there. */
  private static final class Inventor extends FakeSheetActivities {
    Inventor(FakeSite site) {
      super(site);
    }

    @Override
    public Done writeSheet(WriteSheet request) {
      Replica replica = request.sheet().replica();
      boolean known =
          site.all().stream().anyMatch(vm -> vm.ref.id().equals(replica.recovery().id()));
      if (known) {
        return super.writeSheet(request);
      }
      StringBuilder page = new StringBuilder();
      replica.disks().stream().map(DiskPair::recoveryDisk).forEach(page::append);
      site.sheets().put(replica.id(), page.toString());
      return new Done(true, Attempts.current());
    }
  }
}
