package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.SiteSettings;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about what is said of sites; the suite notices. */
final class SiteSettingsMutantsTest {
  private static Supplier<SiteSettingsFixture> fixture =
      () -> new FakeSiteSettingsFixture(new FakeSiteSettingsActivities());

  static final class Suite extends SiteSettingsContract {
    @Override
    protected SiteSettingsFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    return new Mutants<SiteSettingsFixture>(SiteSettingsContract.class)
        .add("invents a site", () -> with(new Inventive()), "answersNothingWhileNothingIsSaid")
        .add("shuffles", () -> with(new Shuffling()), "answersWhatOperatorsSayInTheOrderOfNames")
        .add("remembers the first answer", () -> with(new Remembering()), "answersWhatWasSaidLast")
        .add("hides that it is away", () -> with(new Hiding()), "saysThatTheRegistryDoesNotAnswer")
        .tests(Suite.class, next -> fixture = next);
  }

  private static SiteSettingsFixture with(FakeSiteSettingsActivities wrong) {
    return new FakeSiteSettingsFixture(wrong);
  }

  private static final class Inventive extends FakeSiteSettingsActivities {
    @Override
    public KnownSites readSites(ReadSites request) {
      add(SiteSettings.of("atlantis"));
      return super.readSites(request);
    }
  }

  private static final class Shuffling extends FakeSiteSettingsActivities {
    @Override
    public KnownSites readSites(ReadSites request) {
      KnownSites known = super.readSites(request);
      return new KnownSites(known.sites().reversed(), known.pairs());
    }
  }

  private static final class Remembering extends FakeSiteSettingsActivities {
    private KnownSites first = new KnownSites(List.of(), List.of());

    @Override
    public KnownSites readSites(ReadSites request) {
      first = first.sites().isEmpty() ? super.readSites(request) : first;
      return first;
    }
  }

  private static final class Hiding extends FakeSiteSettingsActivities {
    @Override
    public KnownSites readSites(ReadSites request) {
      try {
        return super.readSites(request);
      } catch (FaultException away) {
        return new KnownSites(List.of(), List.of());
      }
    }
  }
}
