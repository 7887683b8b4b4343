package io.switchback.lab;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.SiteFinding;
import io.switchback.port.SiteActivities;
import io.switchback.port.SiteCheckFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A lab site for the suite, whose worker has a token that the suite changes. */
final class LabSiteCheckFixture implements SiteCheckFixture {
  private static final long GIB = 1L << 30;

  private final Path directory;
  private LabDaemon daemon;
  private final LabClient own;
  private final LabSites sites;
  private final AtomicReference<String> token = new AtomicReference<>();
  private boolean isLost;
  private boolean isExposed;
  private Duration apart = Duration.ZERO;
  private boolean broken;

  LabSiteCheckFixture() throws IOException {
    directory = Files.createTempDirectory("lab-check");
    daemon =
        LabDaemon.start(new LabSettings("berlin", directory.resolve("berlin"), 0, resources(8)));
    own = LabClient.of(directory.resolve("berlin"));
    token.set(own.makeToken(TokenKind.FULL, null).secret());
    // As a worker on another machine reaches it: by its address, with a token of its own.
    sites = new LabSites(Map.of("berlin", LabClient.at(daemon.address(), this::secret)));
  }

  private static SiteResources resources(int datastoreGib) {
    return new SiteResources(
        List.of(new HostDefinition("host-1", 1, GIB)),
        List.of(new DatastoreDefinition("datastore-1", datastoreGib * GIB)),
        List.of("lan", "lan-dr"),
        List.of("replicas"));
  }

  private String secret() {
    if (isLost) {
      throw new FaultException(Fault.BAD_CREDENTIALS, "Could not find the token.");
    }
    return token.get();
  }

  private List<SiteFinding> credential(String site) {
    if (isLost) {
      return List.of(SiteFinding.credentialMissing(site, "there is no file"));
    }
    return isExposed
        ? List.of(SiteFinding.credentialExposed(site, "the file is open", "Close it."))
        : List.of();
  }

  @Override
  public SiteActivities sites() {
    return new LabSiteActivities(
        sites,
        "worker@test",
        "test",
        this::credential,
        _ -> Optional.empty(),
        () -> Instant.now().minus(apart));
  }

  @Override
  public long effects() {
    return LabFixture.effects(directory.resolve("berlin")).stream()
        .filter(effect -> effect.vm() != null)
        .count();
  }

  @Override
  public void breakSite() {
    broken = true;
    try {
      daemon.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void replaceSite() {
    try {
      int port = daemon.address().getPort();
      daemon.close();
      daemon =
          LabDaemon.start(new LabSettings("paris", directory.resolve("paris"), port, resources(8)));
      token.set(Files.readString(directory.resolve("paris").resolve("token")).strip());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Override
  public void loseCredential() {
    isLost = true;
  }

  @Override
  public void exposeCredential() {
    isExposed = true;
  }

  @Override
  public void giveWrongCredential() {
    token.set("lab_nobodys");
  }

  @Override
  public void giveExpiredCredential() {
    token.set(own.makeToken(TokenKind.FULL, Duration.ofNanos(1)).secret());
  }

  @Override
  public void giveReadOnlyCredential() {
    token.set(own.makeToken(TokenKind.READ_ONLY, null).secret());
  }

  @Override
  public void shiftClocks(Duration difference) {
    apart = difference;
  }

  @Override
  public void fillHosts() {
    own.createVm(LabFixture.idle("full", LabFixture.MIB), null);
    own.powerOn("full", null);
  }

  @Override
  public void fillDatastore() {
    fill(1.0);
  }

  @Override
  public void nearlyFillDatastore() {
    fill(1.05);
  }

  private void fill(double capacityPerUsed) {
    own.createVm(
        new VmDefinition(
            "data",
            "data",
            List.of(),
            List.of(new DiskDefinition("disk-0", 16 * LabFixture.MIB, 8 * LabFixture.MIB)),
            new GuestDefinition(0.0, null, null, null, null),
            false),
        null);
    long used = own.resources().datastores().getFirst().usedBytes();
    var _ =
        own.changeResources(
            new SiteResources(
                List.of(new HostDefinition("host-1", 1, GIB)),
                List.of(new DatastoreDefinition("datastore-1", (long) (used * capacityPerUsed))),
                List.of("lan", "lan-dr"),
                List.of("replicas")));
  }

  @Override
  public void close() throws IOException {
    if (!broken) {
      daemon.close();
    }
    own.close();
    sites.close();
    Trees.delete(directory);
  }
}
