package io.switchback.appliance.gateway;

import io.switchback.appliance.gateway.GatewayControl.Holder;
import io.switchback.appliance.gateway.GatewayControl.Processes;
import io.switchback.appliance.gateway.GatewayControl.Server;
import io.switchback.delta.trust.OwnFiles;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cloud gateway of this machine: a folder with all that HAProxy reads, and the running HAProxy.
 * Several may bring it to what they want at once; they take turns.
 */
public final class Gateway {
  private static final Logger log = LoggerFactory.getLogger(Gateway.class);
  private static final Duration LONGEST_RELOAD = Duration.ofSeconds(15);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private final Path folder;
  private final GatewayControl control;

  /**
   * @param folder for the gateway alone; it is made when it is not there
   * @throws IllegalArgumentException if its path has other characters than a plain one, or too many
   */
  public Gateway(Path folder) {
    this.folder = PlainFolder.required(folder.toAbsolutePath().normalize());
    this.control = new GatewayControl(this.folder.resolve("control.sock"));
  }

  /**
   * What was done.
   *
   * @param isRunning whether a gateway runs; if not, {@link Gateway#start} is what starts it
   * @param done in words, one thing each
   */
  public record Applied(boolean isRunning, List<String> done) {
    public Applied {
      done = List.copyOf(done);
    }
  }

  /** The shell script that becomes the gateway; a second one ends at once with exit code 1. */
  public Path start() {
    return folder.resolve("start");
  }

  /**
   * Brings the gateway to {@code settings} and {@code certificates}: the files, and what runs. What
   * is so already is left alone. Nobody's connection is cut but those of tenants that are not let
   * in any more, whose appliance is another one now, or who hold a connection by a revoked
   * certificate.
   *
   * <p>Whoever dies on the way leaves whole files; running it again does the rest.
   *
   * @throws FaultException INVALID_INPUT if HAProxy would not start with that; NOT_CONFIGURED if it
   *     is not installed, or the folder cannot be written; SITE_UNREACHABLE (retried) if a running
   *     gateway does not answer
   */
  public Applied apply(GatewaySettings settings, GatewayCertificates certificates) {
    try {
      return OwnFiles.exclusively(
          folder,
          () -> {
            GatewayConfiguration configuration =
                new GatewayConfiguration(settings, certificates.fingerprint());
            check(configuration, certificates);
            install(folder, configuration, certificates);
            return update(settings, configuration, certificates);
          });
    } catch (IOException failure) {
      throw new FaultException(
          Fault.NOT_CONFIGURED,
          "Could not write the gateway's files in '%s': %s. Look who owns the folder and whether its disk is full, then try again."
              .formatted(folder, failure),
          failure);
    }
  }

  /** Has HAProxy read all of it in a place of its own before anything is changed. */
  private void check(GatewayConfiguration configuration, GatewayCertificates certificates)
      throws IOException {
    Path stage = folder.resolve("checked");
    install(stage, configuration, certificates);
    Haproxy.check(stage.resolve("haproxy.cfg"));
  }

  private static void install(
      Path place, GatewayConfiguration configuration, GatewayCertificates certificates)
      throws IOException {
    OwnFiles.folder(place);
    OwnFiles.replace(place.resolve("crl.pem"), certificates.revocationLists());
    OwnFiles.replace(place.resolve("ca.pem"), certificates.authorities());
    OwnFiles.replace(place.resolve("gateway.pem"), certificates.identity());
    OwnFiles.replace(place.resolve("opened.lua"), configuration.openedScript());
    OwnFiles.replace(place.resolve("haproxy.cfg"), configuration.text(place));
    OwnFiles.replace(place.resolve("start"), startScript(place));
  }

  /**
   * Two that listen at one address would share the connections, and only one of them would be told
   * who is revoked: so the lock, which the gateway holds while it lives.
   */
  private static String startScript(Path place) {
    return """
    #!/bin/sh
    exec flock --nonblock --no-fork '%1$s/running' \\
        '%2$s' -W -S '%1$s/control.sock,mode,600' -f '%1$s/haproxy.cfg'
    """
        .formatted(place, Haproxy.program());
  }

  private Applied update(
      GatewaySettings settings,
      GatewayConfiguration configuration,
      GatewayCertificates certificates) {
    List<String> done = new ArrayList<>();
    if (!control.isListening()) {
      return new Applied(false, done);
    }
    try {
      Processes processes = control.processes();
      String wanted = configuration.description(folder);
      if (control.description(processes.current()).equals(wanted)) {
        try {
          bringTenants(processes.current(), settings, done);
        } catch (IOException refused) {
          // All of it is in the files: another process has it for certain, and is one more.
          log.warn("The gateway could not be changed while it runs. reason={}", refused.toString());
          processes = reload(processes.current(), wanted);
          done.add(
              "reloaded, because of: %s; open connections stay where they are"
                  .formatted(refused.getMessage()));
        }
      } else {
        processes = reload(processes.current(), wanted);
        done.add("reloaded: open connections stay where they are");
      }
      for (long process : processes.older()) {
        cutOthers(process, false, settings, done);
      }
      for (long process : processes.all()) {
        cutRevoked(process, certificates, done);
      }
      return new Applied(true, done);
    } catch (IOException failure) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE,
          "Could not bring the gateway in '%s' to what was asked: %s. Its files are right: try again, or restart it, which cuts every connection."
              .formatted(folder, failure.getMessage()),
          failure);
    }
  }

  private void bringTenants(long process, GatewaySettings settings, List<String> done)
      throws IOException {
    cutOthers(process, true, settings, done);
    Map<String, Server> there = control.servers(process);
    for (Map.Entry<String, Endpoint> tenant : settings.tenants().entrySet()) {
      String name = tenant.getKey();
      Server server = there.get(name);
      if (server == null) {
        control.add(process, name, tenant.getValue());
        done.add("added tenant '%s', at %s".formatted(name, tenant.getValue()));
        continue;
      }
      boolean isElsewhere = !server.appliance().equals(tenant.getValue());
      if (isElsewhere) {
        control.move(process, name, tenant.getValue());
        done.add("moved tenant '%s' to %s".formatted(name, tenant.getValue()));
      } else if (!server.isReady()) {
        done.add("added tenant '%s', at %s".formatted(name, tenant.getValue()));
      }
      if (isElsewhere || !server.isReady()) {
        control.enable(process, name);
      }
    }
  }

  /**
   * Cuts who is not let in any more, and who is connected to another appliance than the own one.
   */
  private void cutOthers(
      long process, boolean isCurrent, GatewaySettings settings, List<String> done)
      throws IOException {
    for (Map.Entry<String, Server> server : control.servers(process).entrySet()) {
      String name = server.getKey();
      Endpoint wanted = settings.tenants().get(name);
      if (wanted != null && server.getValue().appliance().equals(wanted)) {
        continue;
      }
      if (isCurrent) {
        control.disable(process, name);
      }
      int cut = control.cut(process, name);
      if (cut > 0 || (isCurrent && server.getValue().isReady() && wanted == null)) {
        done.add(
            "%s tenant '%s', %d connections cut"
                .formatted(wanted == null ? "removed" : "moving", name, cut));
      }
    }
  }

  private void cutRevoked(long process, GatewayCertificates certificates, List<String> done)
      throws IOException {
    for (Holder holder : control.holders(process)) {
      if (certificates.isRevoked(holder.serial())) {
        int cut = control.cut(process, holder.tenant());
        if (cut > 0) {
          done.add(
              "cut tenant '%s', %d connections: certificate %s is revoked"
                  .formatted(holder.tenant(), cut, holder.serial()));
        }
      }
    }
  }

  private Processes reload(long before, String wanted) throws IOException {
    control.reload();
    long end = System.nanoTime() + LONGEST_RELOAD.toNanos();
    while (System.nanoTime() < end) {
      try {
        Processes processes = control.processes();
        if (processes.current() != before
            && control.description(processes.current()).equals(wanted)) {
          return processes;
        }
      } catch (IOException notYet) {
        // Its control socket is closed for a moment.
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
    throw new IOException(
        "it did not take the new configuration within %d s; its log says why"
            .formatted(LONGEST_RELOAD.toSeconds()));
  }
}
