package io.switchback.appliance;

import io.switchback.model.CredentialReference;
import io.switchback.model.Mistakes;

/**
 * How an appliance is reached.
 *
 * @param name for people
 * @param host address or name, seen from the worker that configures it
 * @param user with root's rights there
 * @param login what the user shows; only where it is found, never the secret itself
 */
public record Appliance(
    String name, String host, int port, String user, HostKey hostKey, Login login) {
  public Appliance {
    new Mistakes()
        .required(name, "name")
        .required(host, "host")
        .unless(port > 0 && port < 65_536, "port must be 1 to 65535")
        .required(user, "user")
        .refuse("appliance");
  }

  /** What a user logs in with. */
  public enum Proof {
    /** A private key, PEM or OpenSSH, without a passphrase. */
    KEY,
    PASSWORD
  }

  /** A secret's kind and the place where it is found. */
  public record Login(Proof proof, CredentialReference reference) {}

  /** As messages name it. */
  String words() {
    return "appliance '%s' (%s:%d)".formatted(name, host, port);
  }
}
