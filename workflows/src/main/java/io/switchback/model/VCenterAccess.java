package io.switchback.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * How a site's vCenter is logged in to.
 *
 * @param user that Switchback has there; the password is the site's credential
 * @param trust whom to believe that it is that vCenter: {@code sha256:} and the 64 hexadecimal
 *     digits of its certificate's fingerprint, or {@code file:} and the path of the authorities'
 *     certificates in PEM, where the site's workers run; empty: whom those machines believe
 * @param operations that may change something there at once, by one worker; absent: 64. More wait,
 *     which is not counted as their time
 * @param operationsPerHost the same for the VMs of one host; absent: 8
 */
public record VCenterAccess(String user, String trust, int operations, int operationsPerHost) {
  /** What a vCenter does at once is some 640 for all who ask. */
  private static final int MOST_OPERATIONS = 640;

  private static final String PIN = "sha256:";
  private static final Pattern TRUST = Pattern.compile("|" + PIN + "[0-9a-f]{64}|file:/.+");

  public VCenterAccess {
    user = user == null ? "" : user.strip();
    trust = trust == null ? "" : plain(trust.strip());
    operations = operations == 0 ? 64 : operations;
    operationsPerHost = operationsPerHost == 0 ? 8 : operationsPerHost;
    new Mistakes()
        .required(user, "user")
        .unless(
            TRUST.matcher(trust).matches(),
            "trust must be 'sha256:' and 64 hexadecimal digits, or 'file:' and an absolute path")
        .unless(
            operations > 0 && operations <= MOST_OPERATIONS,
            "operations must be 1 to " + MOST_OPERATIONS)
        .unless(
            operationsPerHost > 0 && operationsPerHost <= operations,
            "operationsPerHost must be 1 to operations, which is " + operations)
        .refuse("vcenter");
  }

  /** A fingerprint may be given as it is shown, with colons and in capitals. */
  private static String plain(String trust) {
    return trust.startsWith(PIN)
        ? PIN + trust.substring(PIN.length()).replace(":", "").toLowerCase(Locale.ROOT)
        : trust;
  }

  /** A user's, with everything else as usual. */
  public static VCenterAccess of(String user, String trust) {
    return new VCenterAccess(user, trust, 0, 0);
  }
}
