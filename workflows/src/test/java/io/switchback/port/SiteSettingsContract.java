package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Connectivity;
import io.switchback.model.CredentialReference;
import io.switchback.model.NetworkMapping;
import io.switchback.model.Pace;
import io.switchback.model.Placement;
import io.switchback.model.SiteCaps;
import io.switchback.model.SiteNetworks;
import io.switchback.model.SitePair;
import io.switchback.model.SiteSettings;
import io.switchback.port.SiteSettingsActivities.KnownSites;
import io.switchback.port.SiteSettingsActivities.ReadSites;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every adapter of {@link SiteSettingsActivities} promises. */
public abstract class SiteSettingsContract {
  private static final SiteSettings BERLIN = SiteSettings.of("berlin");
  private static final SiteSettings POTSDAM =
      SiteSettings.named("potsdam")
          .address("http://127.0.0.1:7302")
          .credential(CredentialReference.parse("command:pass show potsdam"))
          .placement(new Placement("esx-1", "fast", "replicas"))
          .caps(
              new SiteCaps(
                  6, Map.of("esx-1", 2), Map.of("fast", 1), 4, Map.of("esx-1", 3), Map.of()))
          .pace(new Pace(Duration.ofSeconds(3), null, 2, null, null))
          .appliance("gateway")
          .networks(
              new SiteNetworks(Connectivity.NSX_EDGE, List.of("tenant-dr", "lan-dr", "dmz-dr")))
          .build();
  private static final SitePair PAIR =
      new SitePair(
          "berlin",
          "potsdam",
          List.of(
              new NetworkMapping("lan", "lan-dr", "bubble"),
              new NetworkMapping("tenant", "tenant-dr", null)));

  private SiteSettingsFixture registry;
  private PortCaller<SiteSettingsActivities> settings;

  /** A registry of its own for one test. */
  protected abstract SiteSettingsFixture open() throws Exception;

  @BeforeEach
  final void openRegistry() throws Exception {
    registry = open();
    settings = new PortCaller<>(SiteSettingsActivities.class, registry.settings());
  }

  @AfterEach
  final void closeRegistry() {
    settings.close();
    registry.close();
  }

  @Test
  void answersNothingWhileNothingIsSaid() {
    assertThat(read()).isEqualTo(new KnownSites(List.of(), List.of()));
  }

  @Test
  void answersWhatOperatorsSayInTheOrderOfNames() {
    SitePair back = new SitePair("potsdam", "berlin", List.of());

    registry.say(List.of(POTSDAM, BERLIN), List.of(back, PAIR));

    assertThat(read()).isEqualTo(new KnownSites(List.of(BERLIN, POTSDAM), List.of(PAIR, back)));
  }

  @Test
  void answersWhatWasSaidLast() {
    registry.say(List.of(BERLIN, POTSDAM), List.of(PAIR));
    assertThat(read().pairs()).containsExactly(PAIR);
    SitePair changed = new SitePair("berlin", "potsdam", List.of());
    SiteSettings plain = SiteSettings.of("potsdam");

    registry.say(List.of(plain), List.of(changed));

    assertThat(read()).isEqualTo(new KnownSites(List.of(BERLIN, plain), List.of(changed)));
  }

  @Test
  void saysThatTheRegistryDoesNotAnswer() {
    registry.breakRegistry();

    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            FaultException.class,
            fault -> assertThat(fault.fault()).isEqualTo(Fault.REGISTRY_UNAVAILABLE));
  }

  private KnownSites read() {
    return settings.call().readSites(new ReadSites());
  }
}
