package io.switchback.port;

import io.switchback.model.SiteLook;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a {@link FakeSite} takes whoever logs in, and what they see. */
public final class FakeLogin {
  /** What is the matter with the worker's credential. */
  public enum Credential {
    GOOD,
    MISSING,
    EXPOSED,
    WRONG,
    EXPIRED,
    READ_ONLY
  }

  private volatile Credential credential = Credential.GOOD;
  private volatile @Nullable String otherName;
  private volatile Duration skew = Duration.ZERO;
  private volatile long freeBytes = 1L << 40;
  private volatile int freeCpus = 8;
  private volatile @Nullable List<String> networks;
  private volatile @Nullable List<String> folders;

  /** What is the matter with the worker's credential. */
  public void credential(Credential state) {
    credential = state;
  }

  Credential credential() {
    return credential;
  }

  /** Another site answers from now on. */
  public void answersAs(String name) {
    otherName = name;
  }

  /** The site's clock is so far ahead. */
  public void clockAhead(Duration ahead) {
    skew = ahead;
  }

  /** What is left on the site's only datastore, of 1 TiB. */
  public void freeBytes(long bytes) {
    freeBytes = bytes;
  }

  /** What is left on the site's only host. */
  public void freeCpus(int cpus) {
    freeCpus = cpus;
  }

  /** The site has these networks and no others. */
  public void networks(String... names) {
    networks = List.of(names);
  }

  /** The site has these folders and no others. */
  public void folders(String... names) {
    folders = List.of(names);
  }

  SiteLook look(String site, Instant now) {
    String other = otherName;
    return new SiteLook(
        other == null ? site : other,
        now.plus(skew),
        credential != Credential.READ_ONLY,
        List.of(new SiteLook.Host("host-1", freeCpus, 1L << 40)),
        List.of(new SiteLook.Datastore("datastore-1", 1L << 40, freeBytes)),
        networks,
        folders);
  }
}
