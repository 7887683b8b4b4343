package io.switchback.port;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.FullSiteGateway;
import io.switchback.model.NetworkPair;
import io.switchback.model.SiteAppliance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Two appliances in memory. One object serves both sites' queues. */
public class FakeNetworkExtensionActivities implements NetworkExtensionActivities {
  /** The host at which nobody answers. */
  static final String NOBODY = "nobody";

  static final class End {
    long revision;
    long gatewayRevision;
    List<String> served = List.of();
    boolean running;
    boolean present;
    boolean plundered;
    int started;
    int mtu;
    List<String> open = List.of();
  }

  private final FaultScript script = new FaultScript(Fault.SITE_UNREACHABLE);
  private final Map<Side, End> ends = new EnumMap<>(Side.class);
  private final List<String> effects = new ArrayList<>();
  private final List<AddressOwner> owners = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private boolean carrying = true;
  private int mtu = 1500;
  private List<String> findings = List.of();

  /** What goes wrong; targets are sites. */
  public FaultScript script() {
    return script;
  }

  /** Whether the tunnel carries anything from now on. */
  public synchronized void carries(boolean anything) {
    carrying = anything;
  }

  /** A machine at production has the address from now on. */
  public synchronized void own(String address, String mac) {
    owners.add(new AddressOwner(address, mac));
  }

  /** Nobody has it any more. */
  public synchronized void disown(String address) {
    owners.removeIf(owner -> owner.address().equals(address));
  }

  /** What the preflight of production's end finds from now on. */
  public synchronized void finds(int mtuBytes, String... sentences) {
    mtu = mtuBytes;
    findings = List.of(sentences);
  }

  /** To which packets the end's segments are clamped; 0 when they are not. */
  public synchronized int clamped(Side side) {
    return end(side).mtu;
  }

  /** For which addresses somebody has asked, in order. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /** The addresses that are open at the end. */
  public synchronized List<String> open(Side side) {
    return end(side).open;
  }

  /** Whether there is anything of the end. */
  public synchronized boolean isPresent(Side side) {
    return end(side).present;
  }

  /** The networks of which the recovery site's appliance is the gateway. */
  public synchronized List<String> served() {
    return end(Side.RECOVERY).served;
  }

  /** How often the end's daemon was started. */
  public synchronized int started(Side side) {
    return end(side).started;
  }

  /** Ends the daemon. */
  public synchronized void kill(Side side) {
    end(side).running = false;
  }

  /** Closes the addresses; the daemon runs on. */
  public synchronized void plunder(Side side) {
    end(side).plundered = true;
    end(side).open = List.of();
  }

  /** What was changed, in order: {@code start RECOVERY}, {@code remove PRODUCTION}. */
  public synchronized List<String> effects() {
    return List.copyOf(effects);
  }

  End end(Side side) {
    return ends.computeIfAbsent(side, none -> new End());
  }

  @Override
  public Owners askForOwners(AskForOwners request) {
    return answering("askForOwners", request.pair(), Side.PRODUCTION, () -> ask(request));
  }

  synchronized Owners ask(AskForOwners request) {
    asked.addAll(request.addresses());
    return new Owners(
        owners.stream().filter(owner -> request.addresses().contains(owner.address())).toList(),
        Attempts.current());
  }

  @Override
  public EndPreflight preflightEnd(PreflightEnd request) {
    return answering(
        "preflightEnd", request.pair(), request.side(), () -> preflight(request.side()));
  }

  synchronized EndPreflight preflight(Side side) {
    boolean isHere = side == Side.PRODUCTION;
    return new EndPreflight(isHere ? mtu : 0, isHere ? findings : List.of(), Attempts.current());
  }

  @Override
  public EndView convergeEnd(ConvergeEnd request) {
    return answering("convergeEnd", request.pair(), request.side(), () -> converge(request));
  }

  synchronized EndView converge(ConvergeEnd request) {
    End end = fenced(request.pair(), request.side());
    end.present = true;
    end.plundered = false;
    end.open = request.pair().addresses();
    end.mtu = request.mtuBytes();
    if (!end.running) {
      end.running = true;
      end.started++;
      effects.add("start " + request.side());
    }
    return view(request.pair(), request.side());
  }

  /** A tunnel is its pair's alone, a gateway that of all networks there together. */
  End fenced(NetworkPair pair, Side side) {
    End end = end(side);
    FullSiteGateway gateway = pair.fullSite();
    if (gateway == null) {
      end.revision = newest(pair.revision(), end.revision);
    } else {
      end.gatewayRevision = newest(gateway.revision(), end.gatewayRevision);
      end.served = gateway.networks().stream().map(FullSiteGateway.Network::name).toList();
    }
    return end;
  }

  private static long newest(long asked, long seen) {
    if (asked < seen) {
      throw new FaultException(
          Fault.FENCED, "Could not change the end: a newer request was there first. Leave it.");
    }
    return asked;
  }

  @Override
  public EndView lookAtEnd(LookAtEnd request) {
    return answering("lookAtEnd", request.pair(), request.side(), () -> look(request));
  }

  synchronized EndView look(LookAtEnd request) {
    return view(request.pair(), request.side());
  }

  private EndView view(NetworkPair pair, Side side) {
    boolean isServed = pair.fullSite() == null || end(side).served.contains(pair.recoveryNetwork());
    boolean isUp = carrying && end(Side.RECOVERY).running && end(Side.PRODUCTION).running;
    return new EndView(
        end(side).running && !end(side).plundered && isServed,
        end(side).running ? 3 : 0,
        isUp ? 3 : 0,
        isUp ? Duration.ofMillis(1) : Duration.ZERO,
        "",
        Attempts.current());
  }

  @Override
  public Done tearDownEnd(TearDownEnd request) {
    return answering("tearDownEnd", request.pair(), request.side(), () -> tearDown(request));
  }

  synchronized Done tearDown(TearDownEnd request) {
    End end = fenced(request.pair(), request.side());
    boolean changed = end.present;
    if (request.pair().fullSite() != null && !end.served.isEmpty()) {
      return new Done(changed, Attempts.current());
    }
    if (changed) {
      effects.add("remove " + request.side());
    }
    end.present = false;
    end.running = false;
    end.open = List.of();
    return new Done(changed, Attempts.current());
  }

  <T> T answering(String step, NetworkPair pair, Side side, java.util.function.Supplier<T> act) {
    Attempts.heartbeat(side);
    boolean isThere = side == Side.RECOVERY;
    SiteAppliance appliance = isThere ? pair.atRecovery() : pair.atProduction();
    String site = isThere ? pair.recoverySite() : pair.productionSite();
    return script.run(
        step,
        site,
        () -> {
          if (appliance == null) {
            throw new FaultException(
                Fault.REFUSED, "Could not find an appliance for the end. Describe one.");
          }
          if (appliance.host().equals(NOBODY)) {
            throw new FaultException(
                Fault.SITE_UNREACHABLE, "Could not reach the appliance: nobody answers. Wait.");
          }
          return act.get();
        });
  }
}
