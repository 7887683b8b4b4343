package io.switchback.vsphere;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import java.rmi.RemoteException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The VMs that this worker runs on, by site: one, unless sites share a vCenter. */
public final class Appliances implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Appliances.class);
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final VCenters vcenters;
  private final Map<String, TransferAppliance> own;
  private final Function<TransferAppliance, BlockDevices> devices;
  private final Map<String, Appliance> found = new ConcurrentHashMap<>();
  private final Map<String, String> obstacles = new ConcurrentHashMap<>();
  private final ScheduledExecutorService janitor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("janitor").factory());

  public Appliances(VCenters vcenters, Map<String, TransferAppliance> own) {
    this(vcenters, own, appliance -> new BlockDevices(appliance.devices()));
  }

  Appliances(
      VCenters vcenters,
      Map<String, TransferAppliance> own,
      Function<TransferAppliance, BlockDevices> devices) {
    this.vcenters = vcenters;
    this.own = Map.copyOf(own);
    this.devices = devices;
  }

  /** From now on, what dead transfers left behind is detached: at once, and every minute. */
  public void start() {
    if (!own.isEmpty()) {
      var _ = janitor.scheduleWithFixedDelay(this::sweep, 0, EVERY.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Detaches what dead transfers left behind at this worker's own VMs. */
  void sweep() {
    for (String site : own.keySet()) {
      try {
        if (at("look for disks that were left behind", site).sweep()) {
          LOG.warn("detached what dead transfers had left behind site={}", site);
        }
        obstacles.remove(site);
      } catch (RemoteException | RuntimeException e) {
        // It is looked at again in a minute, and before each attachment.
        String because = sentence(e);
        obstacles.put(site, because);
        LOG.warn(
            "could not look for disks that were left behind site={} because={}", site, because);
      }
    }
  }

  private static String sentence(Exception e) {
    return switch (e) {
      case FaultException fault -> fault.sentence();
      case RemoteException refused ->
          VsphereFaults.translate("detach what was left behind", refused).sentence();
      default -> String.valueOf(e.getMessage());
    };
  }

  /** The VM that this worker was told it runs on at the site. */
  Optional<TransferAppliance> told(String site) {
    return Optional.ofNullable(own.get(site));
  }

  /** The tokens of the loans of that VM that transfers of this worker use now. */
  Set<String> inUse(String site) {
    Appliance known = found.get(site);
    return known == null ? Set.of() : known.inUse();
  }

  /** What dead transfers had left at that VM since this worker began: datastore paths. */
  Set<String> leftBehind(String site) {
    Appliance known = found.get(site);
    return known == null ? Set.of() : known.leftBehind();
  }

  /** Why it could not be looked for, or detached, the last time; empty when it could. */
  String obstacle(String site) {
    return obstacles.getOrDefault(site, "");
  }

  /**
   * The VM that this worker runs on at the site.
   *
   * @throws FaultException BUSY when it runs on none there: another worker may
   */
  Appliance at(String what, String site) throws RemoteException {
    Appliance known = found.get(site);
    if (known != null) {
      return known;
    }
    TransferAppliance appliance = own.get(site);
    if (appliance == null) {
      throw new FaultException(
          Fault.BUSY,
          "Could not %s: this worker runs on no transfer appliance of site '%s'. Another worker takes it; if there is none, start one on an appliance with --appliance %s=<VM>."
              .formatted(what, site, site));
    }
    VCenter vcenter = vcenters.at(site);
    Appliance here =
        new Appliance(vcenter, find(what, vcenter, appliance.vm()), devices.apply(appliance));
    Appliance faster = found.putIfAbsent(site, here);
    return faster == null ? here : faster;
  }

  private static VmRef find(String what, VCenter vcenter, String vm) throws RemoteException {
    if (Machine.isUuid(vm)) {
      return new VmRef(vcenter.site(), vm, vm);
    }
    List<Properties.Row> named =
        vcenter
            .read(live -> Properties.all(live, "VirtualMachine", "name", "config.instanceUuid"))
            .stream()
            .filter(row -> vm.equals(row.get("name", String.class)))
            .toList();
    if (named.size() != 1) {
      throw new FaultException(
          Fault.NOT_CONFIGURED,
          "Could not %s: %d VMs at site '%s' are called '%s', and --appliance must name one. Give its instance uuid."
              .formatted(what, named.size(), vcenter.site(), vm));
    }
    return new VmRef(
        vcenter.site(), named.getFirst().get("config.instanceUuid", String.class, ""), vm);
  }

  @Override
  public void close() {
    janitor.shutdownNow();
  }
}
