package io.switchback.appliance;

import io.switchback.appliance.Appliance.Login;
import io.switchback.appliance.Appliance.Proof;
import io.switchback.appliance.gateway.Endpoint;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.NetworkExtent;
import io.switchback.model.NetworkPair;
import io.switchback.model.SiteAppliance;
import io.switchback.port.Done;
import io.switchback.port.NetworkExtensionActivities;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ends of network extensions on appliances over SSH. Where an appliance is, and how it is logged in
 * to, comes with each request; certificates and secrets are read on this machine at each use.
 */
public final class ApplianceExtensionActivities implements NetworkExtensionActivities {
  private final ApplianceTunnels tunnels;
  private final AddressProbe probe;
  private final TunnelPreflight preflight;
  private final TunnelBook book;
  private final FullSiteEnd fullSite;

  /**
   * @param secrets by which appliances are logged in to
   * @param book takes what is seen
   */
  public ApplianceExtensionActivities(SshSettings settings, Secrets secrets, TunnelBook book) {
    this.book = book;
    Ssh ssh = new Ssh(settings, secrets);
    this.tunnels = new ApplianceTunnels(ssh);
    this.probe = new AddressProbe(ssh);
    this.preflight = new TunnelPreflight(ssh, InstantSource.system());
    this.fullSite = new FullSiteEnd(new FullSiteMode(ssh));
  }

  @Override
  public Owners askForOwners(AskForOwners request) {
    NetworkPair pair = request.pair();
    heartbeat(pair, Side.PRODUCTION);
    return new Owners(
        probe.ask(
            appliance(pair, Side.PRODUCTION), pair.extent().productionCard(), request.addresses()),
        attempt());
  }

  @Override
  public EndPreflight preflightEnd(PreflightEnd request) {
    NetworkPair pair = request.pair();
    Side side = request.side();
    heartbeat(pair, side);
    Appliance appliance = appliance(pair, side);
    TunnelIdentity identity = identity(site(pair, side), side);
    List<String> findings = new ArrayList<>(preflight.readClock(appliance, identity).findings());
    int mtu = 0;
    if (end(pair, side, identity, 0) instanceof TunnelEnd.Production end) {
      PathMeasured path = preflight.measure(appliance, end, door(pair.extent()));
      findings.addAll(path.findings());
      mtu = path.mtuBytes().orElse(0);
    }
    return new EndPreflight(mtu, findings, attempt());
  }

  @Override
  public EndView convergeEnd(ConvergeEnd request) {
    NetworkPair pair = request.pair();
    Side side = request.side();
    SiteAppliance site = site(pair, side);
    heartbeat(pair, side);
    if (pair.fullSite() != null) {
      return seen(fullSite.converge(appliance(pair, side), pair, side));
    }
    TunnelEnd end = end(pair, side, identity(site, side), request.mtuBytes());
    tunnels.converge(appliance(pair, side), end, pair.revision());
    return seen(
        pair, side, tunnels.look(appliance(pair, side), EndReference.of(end, pair.revision())));
  }

  @Override
  public EndView lookAtEnd(LookAtEnd request) {
    NetworkPair pair = request.pair();
    Side side = request.side();
    heartbeat(pair, side);
    if (pair.fullSite() != null) {
      return seen(fullSite.isGateway(appliance(pair, side), pair));
    }
    return seen(pair, side, tunnels.look(appliance(pair, side), reference(pair, side)));
  }

  @Override
  public Done tearDownEnd(TearDownEnd request) {
    heartbeat(request.pair(), request.side());
    Appliance appliance = appliance(request.pair(), request.side());
    if (request.pair().fullSite() != null) {
      return new Done(fullSite.tearDown(appliance, request.pair()), attempt());
    }
    EndReference end = reference(request.pair(), request.side());
    boolean isThere = !tunnels.look(appliance, end).present().isEmpty();
    tunnels.tearDown(appliance, end);
    return new Done(isThere, attempt());
  }

  private EndView seen(NetworkPair pair, Side side, TunnelView view) {
    EndView seen =
        new EndView(
            view.isRunning() && view.isWhole(),
            view.peer().map(TunnelView.Peer::asked).orElse(0),
            view.peer().map(TunnelView.Peer::answered).orElse(0),
            view.peer().map(TunnelView.Peer::roundTrip).orElse(Duration.ZERO),
            view.isWhole() ? view.lastWord() : "gone: " + String.join("; ", view.lacking()),
            attempt());
    book.seen(pair, side, seen);
    return seen;
  }

  private static EndView seen(boolean isGateway) {
    return new EndView(isGateway, 0, 0, Duration.ZERO, "", attempt());
  }

  private static TunnelEnd end(NetworkPair pair, Side side, TunnelIdentity identity, int mtuBytes) {
    NetworkExtent extent = pair.extent();
    return switch (side) {
      case RECOVERY ->
          new TunnelEnd.Recovery(
              tunnel(pair), extent.recoveryCard(), identity, pair.addresses(), extent.port());
      case PRODUCTION ->
          new TunnelEnd.Production(
              tunnel(pair),
              extent.productionCard(),
              identity,
              pair.addresses(),
              extent.network(),
              extent.gateway(),
              extent.remoteHost(),
              extent.remotePort(),
              mtuBytes == 0
                  ? Optional.empty()
                  : door(extent).map(door -> new TunnelPath(door, mtuBytes)));
    };
  }

  /** Whom production's appliance connects to; empty when it is known by a name, or not at all. */
  private static Optional<Endpoint> door(NetworkExtent extent) {
    try {
      return Optional.of(Endpoint.parse(extent.door()))
          .filter(door -> !door.address().isLoopbackAddress());
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  private static EndReference reference(NetworkPair pair, Side side) {
    return new EndReference(
        tunnel(pair),
        side,
        side == Side.RECOVERY ? pair.extent().recoveryCard() : pair.extent().productionCard(),
        pair.addresses(),
        pair.revision());
  }

  private static Tunnel tunnel(NetworkPair pair) {
    return new Tunnel("pair-" + pair.number(), pair.number());
  }

  private static Appliance appliance(NetworkPair pair, Side side) {
    SiteAppliance site = site(pair, side);
    return new Appliance(
        siteName(pair, side),
        site.host(),
        site.port(),
        site.user(),
        new HostKey(site.hostKey()),
        new Login(site.withPassword() ? Proof.PASSWORD : Proof.KEY, site.login()));
  }

  private static SiteAppliance site(NetworkPair pair, Side side) {
    return Optional.ofNullable(side == Side.RECOVERY ? pair.atRecovery() : pair.atProduction())
        .orElseThrow(
            () ->
                new FaultException(
                    Fault.REFUSED,
                    "Could not find the appliance of %s: none is described for site '%s'. Describe it under 'tunnels' of the site."
                        .formatted(pair.words(), siteName(pair, side))));
  }

  private static String siteName(NetworkPair pair, Side side) {
    return side == Side.RECOVERY ? pair.recoverySite() : pair.productionSite();
  }

  private static TunnelIdentity identity(SiteAppliance site, Side side) {
    Path folder = Path.of(site.certificates());
    return new TunnelIdentity(
        read(folder.resolve(side == Side.RECOVERY ? "tunnel-server.pem" : "tunnel-client.pem")),
        read(folder.resolve("ca.pem")),
        read(folder.resolve("crl.pem")),
        site.peer());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new FaultException(
          Fault.BAD_CREDENTIALS,
          "Could not read '%s': %s. Bring there what `switchback ca tenant` has made."
              .formatted(
                  file,
                  unreadable instanceof NoSuchFileException
                      ? "there is no such file"
                      : unreadable.getMessage()),
          unreadable);
    }
  }

  private static void heartbeat(NetworkPair pair, Side side) {
    context().ifPresent(context -> context.heartbeat(List.of(pair.number(), side.name())));
  }

  private static int attempt() {
    return context().map(context -> context.getInfo().getAttempt()).orElse(1);
  }

  private static Optional<ActivityExecutionContext> context() {
    try {
      return Optional.of(Activity.getExecutionContext());
    } catch (IllegalStateException notInAnActivity) {
      return Optional.empty();
    }
  }
}
