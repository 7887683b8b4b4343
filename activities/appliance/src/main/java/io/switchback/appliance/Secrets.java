package io.switchback.appliance;

import io.switchback.fault.FaultException;
import io.switchback.model.CredentialReference;

/** Where the secrets behind references come from. */
@FunctionalInterface
public interface Secrets {
  /**
   * Answers the secret that {@code reference} leads to.
   *
   * @param owner whose it is, for the message
   * @throws FaultException BAD_CREDENTIALS when it is not there
   */
  String resolve(String owner, CredentialReference reference);
}
