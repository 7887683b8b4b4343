package io.switchback.appliance.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.delta.trust.CertificateRole;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * The gateway as HAProxy reads it. A tenant is a server of one backend, by the tenant's name, which
 * is also the common name of its certificate: who has shown which certificate decides where the
 * connection goes, and nothing else can.
 */
final class GatewayConfiguration {
  static final String BACKEND = "appliances";

  /** The table of open connections: {@code <tenant>/<serial of its certificate>}. */
  static final String OPEN = "open";

  private static final String TLS_1_3 =
      "TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256";

  private final GatewaySettings settings;
  private final String certificates;

  /**
   * @param certificates what they say, see {@link GatewayCertificates#fingerprint}
   */
  GatewayConfiguration(GatewaySettings settings, String certificates) {
    this.settings = settings;
    this.certificates = certificates;
  }

  /** The whole of it, with its files in {@code folder}. */
  String text(Path folder) {
    StringBuilder text = new StringBuilder(frame(folder, description(folder)));
    for (Map.Entry<String, Endpoint> tenant : settings.tenants().entrySet()) {
      text.append("    server ").append(server(tenant.getKey(), tenant.getValue())).append('\n');
    }
    return text.toString();
  }

  /**
   * What stands in a server's line. Its weight of 0 leaves it out when a server is chosen for
   * somebody who has none: it can be reached by its name alone.
   */
  static String server(String tenant, Endpoint appliance) {
    return "%s %s weight 0".formatted(tenant, appliance);
  }

  /**
   * Names all that is changed by a reload: everything but the tenants. A running gateway tells it,
   * so that nobody needs to remember what it was started with. Certificates are among it: HAProxy
   * 2.6 has commands for them, and dies of a segmentation fault when they are given a few times.
   */
  String description(Path folder) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((frame(folder, "") + openedScript() + certificates).getBytes(UTF_8));
      return "switchback-" + HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256.", absent);
    }
  }

  /**
   * HAProxy writes a line when a connection ends; this has it write one when it begins. Of all
   * levels, lines of this one alone do not come on the error output as well.
   */
  String openedScript() {
    return """
    core.register_action("opened", { "tcp-res" }, function(txn)
        txn:Debug("opened " .. txn:get_var("sess.who") .. " appliance=" .. txn:get_var("sess.appliance"))
    end, 0)
    """;
  }

  private String frame(Path folder, String description) {
    return """
    # Written by `switchback gateway apply`: what is changed here by hand is overwritten.
    global
        description %1$s
        log stdout format iso daemon
        maxconn %2$d
    %3$s\
        ssl-default-bind-options ssl-min-ver TLSv1.3 no-tls-tickets
        ssl-default-bind-ciphersuites %4$s
        # A session that is taken up again would ask for no certificate.
        tune.ssl.cachesize 0
        lua-load "%5$s/opened.lua"

    defaults
        mode tcp
        log global
        log-format "%%[var(sess.outcome)] %%[var(sess.who)] appliance=%%si:%%sp ms=%%Tt sent=%%U received=%%B state=%%ts"
        error-log-format "refused from=%%ci:%%cp because=%%{+Q}[ssl_fc_err_str] verify=%%[ssl_c_err] name=%%{+Q}[ssl_c_s_dn(CN)]"
        # The time for shaking hands. From then on the tunnel's pings, every few seconds, keep a connection; one that
        # says nothing for an hour has nobody at its other end.
        timeout client 10s
        timeout server 10s
        timeout connect 5s
        timeout tunnel 1h
        timeout client-fin 10s
        timeout server-fin 10s

    backend %8$s
        stick-table type string len 128 size 100k expire 1m store conn_cur

    frontend gateway
        bind %6$s ssl crt "%5$s/gateway.pem" ca-file "%5$s/ca.pem" verify required crl-file "%5$s/crl.pem"
        option clitcpka
        tcp-request content set-var(sess.serial) ssl_c_serial,hex,lower
        tcp-request content set-var-fmt(sess.who) "tenant=%%[ssl_c_s_dn(CN)] certificate=%%[var(sess.serial)] from=%%[src]:%%[src_port]"
        tcp-request content set-var(sess.outcome) str(refused)
        # The same authority issues certificates to site workers, and those of the tunnels inside.
        tcp-request content reject unless { ssl_c_s_dn(OU) -m str "%7$s" }
        tcp-request content set-var(sess.outcome) str(unreachable)
        tcp-request content set-var(sess.key) ssl_c_s_dn(CN),concat(/,sess.serial)
        tcp-request content track-sc0 var(sess.key) table %8$s
        default_backend %9$s

    backend %9$s
        balance roundrobin
        option srvtcpka
        use-server %%[ssl_c_s_dn(CN)] if TRUE
        tcp-response content set-var(sess.outcome) str(closed)
        tcp-response content set-var-fmt(sess.appliance) "%%si:%%sp"
        tcp-response content lua.opened
    """
        .formatted(
            description,
            settings.connections(),
            settings.user().map("    user %1$s\n    group %1$s\n"::formatted).orElse(""),
            TLS_1_3,
            folder,
            settings.listen(),
            CertificateRole.TENANT.unit(),
            OPEN,
            BACKEND);
  }
}
