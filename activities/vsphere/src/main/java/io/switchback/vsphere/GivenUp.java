package io.switchback.vsphere;

import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import java.rmi.RemoteException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Fences of what was removed, or never made: there is nothing left that could keep them. They are
 * in custom attributes of a datacenter, to hold back an attempt to make it that wakes up after it
 * was given up. The attributes are filled one after another; when the last is full, the one that
 * was begun first is begun anew, and what it held is forgotten.
 */
final class GivenUp {
  /** As many as hold 16 fences of 21 characters right after one was begun anew. */
  private static final int OF_REPLICAS = 4;

  /** As many as hold 64. */
  private static final int OF_DRILLS = 11;

  private final VCenter vcenter;
  private final List<Attribute> attributes;

  private GivenUp(VCenter vcenter, String attributes, int count) {
    this.vcenter = vcenter;
    this.attributes =
        IntStream.rangeClosed(1, count)
            .mapToObj(number -> new Attribute(vcenter, attributes + "-" + number, "Datacenter"))
            .toList();
  }

  /** Of replicas' VMs. */
  static GivenUp ofReplicas(VCenter vcenter) {
    return new GivenUp(vcenter, "switchback.given-up", OF_REPLICAS);
  }

  /** Of what drills make, which come and go more often: they do not push replicas out. */
  static GivenUp ofDrills(VCenter vcenter) {
    return new GivenUp(vcenter, "switchback.drills", OF_DRILLS);
  }

  /**
   * Refuses whoever comes late.
   *
   * @param id of a replica, or of what else is made and removed under fences
   * @throws FaultException FENCED when it was given up under a higher fence
   */
  void refuseLower(String what, String id, Fence mine) throws RemoteException {
    for (Properties.Row datacenter : datacenters()) {
      for (FencePage page : pages(datacenter)) {
        refuseLower(what, page.fences().get(Mark.of(id)), mine);
      }
    }
  }

  private static void refuseLower(String what, @Nullable Fence seen, Fence mine) {
    if (seen != null && seen.compareTo(mine) > 0) {
      throw new FaultException(
          Fault.FENCED,
          "Could not %s: it was given up under the fence %s, and this attempt has %s. A newer claim or attempt has taken over; look at it."
              .formatted(what, seen, mine));
    }
  }

  /**
   * Holds back attempts under lower fences from now on.
   *
   * @throws FaultException FENCED when it was given up under a higher fence
   */
  void record(String what, String id, Fence mine) throws RemoteException {
    refuseLower(what, id, mine);
    Properties.Row datacenter = datacenters().getFirst();
    String mark = Mark.of(id);
    List<FencePage> pages = pages(datacenter);
    int newest = newest(pages);
    if (pages.get(newest).with(mark, mine).isPresent()) {
      write(what, datacenter.object(), newest, pages.get(newest).number(), mark, mine);
    } else {
      int next = (newest + 1) % pages.size();
      write(what, datacenter.object(), next, pages.get(newest).number() + 1, mark, mine);
    }
    // Another attempt may have recorded a higher one in another attribute meanwhile.
    refuseLower(what, id, mine);
  }

  private void write(
      String what, ManagedObjectReference datacenter, int at, long number, String mark, Fence mine)
      throws RemoteException {
    attributes
        .get(at)
        .change(
            what,
            datacenter,
            recorded -> {
              FencePage now = FencePage.parse(recorded);
              // A higher one may have come since they were read above.
              refuseLower(what, now.fences().get(mark), mine);
              FencePage page = now.number() < number ? new FencePage(number, Map.of()) : now;
              return page.with(mark, mine).orElseThrow(() -> full(what)).text();
            });
  }

  private static FaultException full(String what) {
    return new FaultException(
        Fault.BUSY,
        "Could not %s: others record fences at the same time. It is tried again.".formatted(what));
  }

  private static int newest(List<FencePage> pages) {
    return IntStream.range(0, pages.size())
        .boxed()
        .max(Comparator.comparingLong(at -> pages.get(at).number()))
        .orElseThrow();
  }

  private List<FencePage> pages(Properties.Row datacenter) throws RemoteException {
    return Attribute.of(vcenter, datacenter, attributes).stream().map(FencePage::parse).toList();
  }

  private List<Properties.Row> datacenters() throws RemoteException {
    List<Properties.Row> all =
        vcenter.read(live -> Properties.all(live, "Datacenter", Attribute.PATH)).stream()
            .sorted(Comparator.comparing(row -> row.object().getVal()))
            .toList();
    if (all.isEmpty()) {
      throw new FaultException(
          Fault.NO_PERMISSION,
          "Could not find a datacenter at site '%s'. Give the account System.View there, then retry the step."
              .formatted(vcenter.site()));
    }
    return all;
  }
}
