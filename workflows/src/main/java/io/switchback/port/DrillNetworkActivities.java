package io.switchback.port;

import io.switchback.model.Mandate;
import io.switchback.model.Mistakes;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.Map;

/**
 * Networks at one site that reach nothing, for the copies that a drill powers on.
 *
 * <p>Every method: SITE_UNREACHABLE (retried). FENCED, and nothing changed, when the site has seen
 * a higher fence for the drill. Seconds; heartbeats.
 */
@ActivityInterface
public interface DrillNetworkActivities {
  /**
   * Makes a network for each of those asked for, which stands for it in the drill: what is plugged
   * into it at that host reaches what else is plugged into it there, and nothing beside. Two
   * drills, and two networks of one drill, never share one.
   *
   * <p>Networks that are there already are looked at: asked again before anything is powered on, it
   * proves that nobody has connected them meanwhile.
   *
   * @throws io.switchback.fault.FaultException REFUSED when one of them reaches something else by
   *     now, with what; INVALID_INPUT when the site has no such host
   */
  DrillNetworks makeDrillNetworks(MakeDrillNetworks request);

  /**
   * Removes every network of the drill at that host. If there is none, answers {@code changed =
   * false}; a late {@code makeDrillNetworks} under a lower fence is refused from now on.
   *
   * @throws io.switchback.fault.FaultException REFUSED while a VM is plugged into one, with its
   *     name
   */
  Done removeDrillNetworks(RemoveDrillNetworks request);

  /**
   * Asks for networks of a drill.
   *
   * @param drill id of the drill
   * @param host where the copies are to stand: a drill's network is one host's
   * @param networks of the site, by its own names
   */
  record MakeDrillNetworks(
      Mandate mandate, String site, String drill, String host, List<String> networks) {
    public MakeDrillNetworks {
      networks = List.copyOf(networks);
      new Mistakes().required(drill, "drill").required(host, "host").refuse("drill networks");
    }
  }

  /**
   * A drill's networks at one host.
   *
   * @param networks the network that stands for each, by its own name
   */
  record DrillNetworks(Map<String, String> networks, boolean changed, int attempt) {
    public DrillNetworks {
      networks = Map.copyOf(networks);
    }
  }

  /** Asks to remove the networks that the drill has at the host. */
  record RemoveDrillNetworks(Mandate mandate, String site, String drill, String host) {
    public RemoveDrillNetworks {
      new Mistakes().required(drill, "drill").required(host, "host").refuse("drill networks");
    }
  }
}
