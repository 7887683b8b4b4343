package io.switchback.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.switchback.appliance.Appliance.Proof;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.time.Duration;

/** Logs in to appliances whose host keys are pinned. Safe for use by several threads. */
public final class Ssh {
  private final SshSettings settings;
  private final Secrets secrets;

  public Ssh(SshSettings settings, Secrets secrets) {
    this.settings = settings;
    this.secrets = secrets;
  }

  /**
   * Logs in. Nothing is sent that an appliance with another host key could use.
   *
   * @throws FaultException SITE_UNREACHABLE (retried); HOST_KEY_REFUSED, which names the pinned key
   *     and the one that was shown; BAD_CREDENTIALS
   */
  public SshSession open(Appliance appliance) {
    String secret = secrets.resolve(appliance.name(), appliance.login().reference());
    JSch jsch = new JSch();
    PinnedHostKey pinned = new PinnedHostKey(appliance.hostKey());
    jsch.setHostKeyRepository(pinned);
    try {
      Session session = jsch.getSession(appliance.user(), appliance.host(), appliance.port());
      session.setConfig("StrictHostKeyChecking", "yes");
      boolean hasKey = appliance.login().proof() == Proof.KEY;
      session.setConfig("PreferredAuthentications", hasKey ? "publickey" : "password");
      if (hasKey) {
        identify(jsch, appliance, secret);
      } else {
        session.setPassword(secret.getBytes(UTF_8));
      }
      session.setDaemonThread(true);
      session.setServerAliveInterval(millis(settings.keepAlive()));
      session.setServerAliveCountMax(3);
      session.connect(millis(settings.connectLimit()));
      return new SshSession(appliance, session, settings);
    } catch (JSchException failed) {
      throw translated(appliance, pinned, failed);
    }
  }

  private static void identify(JSch jsch, Appliance appliance, String key) {
    try {
      // A key file ends with a line end, which the resolving of references takes away.
      jsch.addIdentity(appliance.name(), (key + "\n").getBytes(UTF_8), null, null);
    } catch (JSchException unreadable) {
      // The cause may repeat what it could not read.
      throw new FaultException(
          Fault.BAD_CREDENTIALS,
          "Could not log in to %s: '%s' leads to no private key that can be read. Put an OpenSSH or PEM key without a passphrase there, then retry."
              .formatted(appliance.words(), appliance.login().reference()));
    }
  }

  private static FaultException translated(
      Appliance appliance, PinnedHostKey pinned, JSchException failed) {
    HostKey shown = pinned.refused();
    if (shown != null) {
      return new FaultException(
          Fault.HOST_KEY_REFUSED,
          "Could not log in to %s: it shows the host key %s, but %s is pinned. Find out whether somebody is in between; if the appliance was set up anew, pin its new key, then retry."
              .formatted(appliance.words(), shown, appliance.hostKey()),
          failed);
    }
    String why = String.valueOf(failed.getMessage());
    if (why.startsWith("Auth ")) {
      return new FaultException(
          Fault.BAD_CREDENTIALS,
          "Could not log in to %s as '%s' with what '%s' leads to: it was refused. Put the right one there, then retry."
              .formatted(appliance.words(), appliance.user(), appliance.login().reference()),
          failed);
    }
    return new FaultException(
        Fault.SITE_UNREACHABLE,
        "Could not reach %s: %s. Look whether it runs and sshd answers there."
            .formatted(appliance.words(), why),
        failed);
  }

  static int millis(Duration duration) {
    return Math.toIntExact(Math.max(1, duration.toMillis()));
  }
}
