package io.switchback.port;

import java.time.Duration;

/**
 * A site for {@link SiteCheckContract}: its adapter, and a way past it, by which the suite meddles
 * from outside the product. It is called berlin, has a host host-1, a datastore datastore-1, the
 * networks lan and lan-dr, the folder replicas, and its worker a credential with full rights. Each
 * test opens one of its own.
 */
public interface SiteCheckFixture extends AutoCloseable {
  /** The adapter under test. */
  SiteActivities sites();

  /** How often the hypervisor changed anything. */
  long effects();

  /** The hypervisor answers nobody from now on. */
  void breakSite();

  /** Another site, called paris, answers in its place. */
  void replaceSite();

  /** What the credential's reference names is there no longer. */
  void loseCredential();

  /** Others on the worker's machine can read the credential. */
  void exposeCredential();

  /** The worker's credential is one that the site does not know. */
  void giveWrongCredential();

  /** The time of the worker's credential is over. */
  void giveExpiredCredential();

  /** The worker's credential may look and not change. */
  void giveReadOnlyCredential();

  /** The site's clock and the worker's are so far apart. */
  void shiftClocks(Duration apart);

  /** No host has anything left. */
  void fillHosts();

  /** The datastore has nothing left. */
  void fillDatastore();

  /** The datastore has less than a tenth left. */
  void nearlyFillDatastore();

  @Override
  void close() throws Exception;
}
