package io.switchback.port;

import io.switchback.port.FakeLogin.Credential;
import java.time.Duration;
import java.util.function.Function;

/** The suite's site in memory, with the reference adapter or with one that breaks a promise. */
final class FakeSiteCheckFixture implements SiteCheckFixture {
  private final FakeSite site = new FakeSite("berlin");
  private final SiteActivities sites;

  FakeSiteCheckFixture(Function<FakeSite, ? extends SiteActivities> adapter) {
    sites = adapter.apply(site);
    site.login().networks("lan", "lan-dr");
    site.login().folders("replicas");
  }

  @Override
  public SiteActivities sites() {
    return sites;
  }

  @Override
  public long effects() {
    return site.effects().size();
  }

  @Override
  public void breakSite() {
    site.reachable(false);
  }

  @Override
  public void replaceSite() {
    site.login().answersAs("paris");
  }

  @Override
  public void loseCredential() {
    site.login().credential(Credential.MISSING);
  }

  @Override
  public void exposeCredential() {
    site.login().credential(Credential.EXPOSED);
  }

  @Override
  public void giveWrongCredential() {
    site.login().credential(Credential.WRONG);
  }

  @Override
  public void giveExpiredCredential() {
    site.login().credential(Credential.EXPIRED);
  }

  @Override
  public void giveReadOnlyCredential() {
    site.login().credential(Credential.READ_ONLY);
  }

  @Override
  public void shiftClocks(Duration apart) {
    site.login().clockAhead(apart);
  }

  @Override
  public void fillHosts() {
    site.login().freeCpus(0);
  }

  @Override
  public void fillDatastore() {
    site.login().freeBytes(0);
  }

  @Override
  public void nearlyFillDatastore() {
    site.login().freeBytes(1 << 30);
  }

  @Override
  public void close() {}
}
