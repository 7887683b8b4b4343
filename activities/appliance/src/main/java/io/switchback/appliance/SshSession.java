package io.switchback.appliance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.io.ByteArrayInputStream;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/** A login at an appliance. For one thread at a time. */
public final class SshSession implements AutoCloseable {
  private static final long POLL_MILLIS = 5;

  private final Appliance appliance;
  private final Session session;
  private final SshSettings settings;

  SshSession(Appliance appliance, Session session, SshSettings settings) {
    this.appliance = appliance;
    this.session = session;
    this.settings = settings;
  }

  /**
   * Runs {@code command} and waits for its end. Everything secret belongs into {@code input}: a
   * command line can be read by every user of the appliance.
   *
   * <p>When the limit ends or the thread is interrupted, the session is closed; what runs there may
   * run on.
   *
   * @throws FaultException SITE_UNREACHABLE when the connection breaks, or the command does not end
   *     within its limit
   */
  public CommandOutcome run(String command, String input) {
    BoundedOutput output = new BoundedOutput(settings.largestOutputBytes());
    BoundedOutput errors = new BoundedOutput(settings.largestOutputBytes());
    ChannelExec channel = null;
    try {
      channel = (ChannelExec) session.openChannel("exec");
      channel.setCommand(command);
      channel.setInputStream(new ByteArrayInputStream(input.getBytes(UTF_8)));
      channel.setOutputStream(output);
      channel.setErrStream(errors);
      channel.connect(Ssh.millis(settings.connectLimit()));
      await(channel);
      if (channel.getExitStatus() < 0) {
        throw broken("the connection broke before the command had ended", null);
      }
      return new CommandOutcome(
          channel.getExitStatus(), output.text(), errors.text(), output.isCut() || errors.isCut());
    } catch (JSchException failed) {
      throw broken(String.valueOf(failed.getMessage()), failed);
    } finally {
      if (channel != null) {
        channel.disconnect();
      }
    }
  }

  private void await(ChannelExec channel) {
    long begunNanos = System.nanoTime();
    while (!channel.isClosed() && session.isConnected()) {
      if (System.nanoTime() - begunNanos > settings.commandLimit().toNanos()) {
        close();
        throw broken("the command had not ended after " + settings.commandLimit(), null);
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException interrupted) {
        close();
        Thread.currentThread().interrupt();
        throw new CancellationException("The worker shuts down while it configures an appliance.");
      }
    }
  }

  private FaultException broken(String why, @Nullable Throwable cause) {
    return new FaultException(
        Fault.SITE_UNREACHABLE,
        "Could not finish a command on %s: %s.".formatted(appliance.words(), why),
        cause);
  }

  @Override
  public void close() {
    session.disconnect();
  }
}
