package io.switchback.worker.local;

/**
 * Where the registry's PostgreSQL answers.
 *
 * @param kind {@code given} by an operator, or {@code embedded} and started from this home
 * @param jdbcUrl with the user; a given one may name where the password is, and is never logged
 */
public record RegistryAddress(Kind kind, String jdbcUrl) {
  /** Whether PostgreSQL is the operator's or ours. */
  public enum Kind {
    GIVEN,
    EMBEDDED
  }

  @Override
  public String toString() {
    return "RegistryAddress[" + kind + "]";
  }
}
