package io.switchback.vsphere;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.VmRef;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The vCenters that a worker reaches, by the names of their sites. */
public final class VCenters implements AutoCloseable {
  private final Map<String, VCenter> vcenters;
  private final Function<String, Optional<VCenter>> others;

  public VCenters(Map<String, VCenter> vcenters) {
    this(vcenters, site -> Optional.empty());
  }

  /**
   * @param others asked for a site that is not among {@code vcenters}, until it has a vCenter for
   *     it, which is closed with the others
   */
  public VCenters(Map<String, VCenter> vcenters, Function<String, Optional<VCenter>> others) {
    this.vcenters = new ConcurrentHashMap<>(vcenters);
    this.others = others;
  }

  /** Whether this worker knows how to reach the site. */
  public boolean knows(String site) {
    return find(site) != null;
  }

  private @Nullable VCenter find(String site) {
    return vcenters.computeIfAbsent(site, unknown -> others.apply(unknown).orElse(null));
  }

  /**
   * @throws FaultException SITE_UNREACHABLE when this worker does not know the site
   */
  VCenter at(String site) {
    VCenter vcenter = find(site);
    if (vcenter == null) {
      throw new FaultException(
          Fault.SITE_UNREACHABLE,
          "Could not reach site '%s': this worker knows only the vCenters of %s. Add the site with `switchback site add`."
              .formatted(site, vcenters.keySet().stream().sorted().toList()));
    }
    return vcenter;
  }

  VCenter of(VmRef vm) {
    return at(vm.site());
  }

  /** Ends every session. */
  @Override
  public void close() {
    vcenters.values().forEach(VCenter::close);
  }
}
