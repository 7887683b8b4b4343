package io.switchback.appliance.gateway;

import io.switchback.delta.trust.CertificateRole;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The other end of the gateway's TLS, on a tenant's appliance at production: HAProxy again, so that
 * there is one program to know. OpenVPN connects to it in plain text on the same machine, and
 * speaks its own TLS through it to the appliance at the provider.
 */
public final class GatewayClientConfiguration {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+");

  private GatewayClientConfiguration() {}

  /**
   * What HAProxy reads.
   *
   * @param folder on the appliance, with what {@code switchback ca tenant} wrote into {@code
   *     production}
   * @throws IllegalArgumentException if the folder's path is no plain one
   */
  public static String text(GatewayClientSettings settings, Path folder) {
    // A name may resolve to nothing now and to something later; an address needs nobody to ask.
    boolean isName = !ADDRESS.matcher(settings.host()).matches();
    return """
    # Written by `switchback gateway client`: what is changed here by hand is overwritten.
    global
        log stdout format iso daemon
        # The tunnel's connection, and those that follow it while it is not closed yet.
        maxconn 32

    defaults
        mode tcp
        log global
        log-format "closed from=%%ci:%%cp gateway=%%si:%%sp ms=%%Tt sent=%%U received=%%B state=%%ts because=%%{+Q}[bc_err_str]"
        timeout client 10s
        timeout server 10s
        # OpenVPN tries again by itself.
        retries 0
        timeout connect 5s
        timeout tunnel 1h
        timeout client-fin 10s
        timeout server-fin 10s

    %7$s\
    listen gateway
        bind %1$s
        option srvtcpka
        # Believed is who bears the gateway's name, wherever it stands; nobody else of the same authority does.
        server gateway %2$s:%3$d ssl ssl-min-ver TLSv1.3 no-ssl-reuse crt "%4$s/%5$s" ca-file "%4$s/ca.pem" crl-file "%4$s/crl.pem" verify required verifyhost "%6$s"%8$s
    """
        .formatted(
            settings.listen(),
            settings.host(),
            settings.port(),
            PlainFolder.required(folder),
            CertificateRole.TENANT.file(),
            CertificateRole.GATEWAY.commonName(settings.gateway()),
            isName ? "resolvers system\n    parse-resolv-conf\n\n" : "",
            isName ? " resolvers system init-addr last,libc,none" : "");
  }
}
