package io.switchback.appliance;

import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.UserInfo;
import org.jspecify.annotations.Nullable;

/** Believes one host key, learns none, and remembers which other one was shown. */
final class PinnedHostKey implements HostKeyRepository {
  private final HostKey pinned;
  private volatile @Nullable HostKey refused;

  PinnedHostKey(HostKey pinned) {
    this.pinned = pinned;
  }

  /** The key that was shown in place of the pinned one; null when none was. */
  @Nullable HostKey refused() {
    return refused;
  }

  @Override
  public int check(String host, byte[] key) {
    HostKey shown = HostKey.of(key);
    if (shown.equals(pinned)) {
      return OK;
    }
    refused = shown;
    return CHANGED;
  }

  @Override
  public void add(com.jcraft.jsch.HostKey key, UserInfo ui) {
    throw new UnsupportedOperationException("Host keys come from the configuration alone.");
  }

  @Override
  public void remove(String host, String type) {
    throw new UnsupportedOperationException("Host keys come from the configuration alone.");
  }

  @Override
  public void remove(String host, String type, byte[] key) {
    remove(host, type);
  }

  @Override
  public String getKnownHostsRepositoryID() {
    return "pinned";
  }

  @Override
  public com.jcraft.jsch.HostKey[] getHostKey() {
    return new com.jcraft.jsch.HostKey[0];
  }

  @Override
  public com.jcraft.jsch.HostKey[] getHostKey(String host, String type) {
    return getHostKey();
  }
}
