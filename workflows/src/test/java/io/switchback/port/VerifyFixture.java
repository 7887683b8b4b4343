package io.switchback.port;

import io.switchback.model.VmRef;

/**
 * Guests for {@link VerifyContract}, and the adapter that looks at them. Each test opens one of its
 * own.
 */
public interface VerifyFixture extends AutoCloseable {
  /** A guest and where its service is reached, {@code host:port}. */
  record Guest(VmRef vm, String serviceAddress) {}

  /** The adapter under test. */
  VerifyActivities verify();

  /** A guest that answers 200 over HTTP at once. */
  Guest ready();

  /** A guest that does so only after it was asked a few times, within a second or so. */
  Guest slow();

  /** A guest at whose address nobody answers. */
  Guest silent();

  @Override
  void close();
}
