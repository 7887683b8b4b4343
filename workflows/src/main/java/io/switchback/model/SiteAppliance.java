package io.switchback.model;

import java.util.regex.Pattern;

/**
 * The machine at a site that extends networks, as the site's own workers reach it.
 *
 * @param host address or name; workers log in by SSH
 * @param user with root's rights there; absent: root
 * @param hostKey fingerprint that it must show, such as {@code SHA256:…}
 * @param login a private key, or a password, as {@code withPassword} says
 * @param certificates folder on the site's workers, as {@code ca tenant} fills it for this side
 * @param peer the tenant, in whose name the other end's certificate must be
 * @param vm name of its VM at the site, which is powered on when it is found off; empty where it is
 *     somebody else's to run
 */
public record SiteAppliance(
    String host,
    int port,
    String user,
    String hostKey,
    CredentialReference login,
    boolean withPassword,
    String certificates,
    String peer,
    String vm) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  public SiteAppliance {
    port = port == 0 ? 22 : port;
    vm = vm == null ? "" : vm;
    user = user == null || user.isBlank() ? "root" : user.strip();
    new Mistakes()
        .required(host, "host")
        .unless(port > 0 && port < 65_536, "port must be 1 to 65535")
        .unless(
            hostKey != null && hostKey.startsWith("SHA256:"),
            "hostKey must be a fingerprint that begins with SHA256:")
        .unless(login != null, "either key or password must be given, as a reference")
        .unless(
            certificates != null && certificates.startsWith("/"),
            "certificates must be the absolute path of a folder")
        .unless(
            peer != null && NAME.matcher(peer).matches(),
            "peer must be of letters, digits, '.', '_' and '-'")
        .refuse("appliance");
  }

  /** A machine that somebody else runs. */
  public SiteAppliance(
      String host,
      int port,
      String user,
      String hostKey,
      CredentialReference login,
      boolean withPassword,
      String certificates,
      String peer) {
    this(host, port, user, hostKey, login, withPassword, certificates, peer, "");
  }

  /** The same as a VM of its site. */
  public SiteAppliance asVm(String name) {
    return new SiteAppliance(
        host, port, user, hostKey, login, withPassword, certificates, peer, name);
  }
}
