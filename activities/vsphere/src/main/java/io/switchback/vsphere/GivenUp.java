package io.switchback.vsphere;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Fences of what was removed, or never made: there is nothing left that could keep them. They are
 * in a custom attribute of a datacenter, the newest few of them, which is enough to hold back an
 * attempt to make it that wakes up after it was given up.
 */
final class GivenUp {
  /** The attributes' names, for people as well. */
  static final String ATTRIBUTE = "switchback.given-up";

  private static final String OF_DRILLS = "switchback.drills";

  private final VCenter vcenter;
  private final Attribute attribute;

  private GivenUp(VCenter vcenter, String attribute) {
    this.vcenter = vcenter;
    this.attribute = new Attribute(vcenter, attribute, "Datacenter");
  }

  /** Of replicas' VMs. */
  static GivenUp ofReplicas(VCenter vcenter) {
    return new GivenUp(vcenter, ATTRIBUTE);
  }

  /** Of what drills make, which come and go more often: they do not push replicas out. */
  static GivenUp ofDrills(VCenter vcenter) {
    return new GivenUp(vcenter, OF_DRILLS);
  }

  /**
   * Refuses whoever comes late.
   *
   * @param id of a replica, or of what else is made and removed under fences
   * @throws FaultException FENCED when it was given up under a higher fence
   */
  void refuseLower(String what, String id, Fence mine) throws RemoteException {
    for (Properties.Row datacenter : datacenters()) {
      refuseLower(what, fences(attribute.of(datacenter)).get(id), mine);
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

  /** Holds back attempts under lower fences from now on. */
  void record(String what, String id, Fence mine) throws RemoteException {
    refuseLower(what, id, mine);
    attribute.change(
        what,
        datacenters().getFirst().object(),
        recorded -> {
          Map<String, Fence> now = fences(recorded);
          // A higher one may have come since they were read above.
          refuseLower(what, now.get(id), mine);
          if (mine.equals(now.get(id))) {
            return recorded;
          }
          Map<String, Fence> newest = new LinkedHashMap<>();
          newest.put(id, mine);
          now.forEach(newest::putIfAbsent);
          return text(newest);
        });
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

  private static Map<String, Fence> fences(String recorded) {
    Map<String, Fence> fences = new LinkedHashMap<>();
    for (String one : recorded.split(" ")) {
      int at = one.indexOf('=');
      Fences.parse(one.substring(at + 1))
          .ifPresent(
              fence ->
                  fences.put(
                      URLDecoder.decode(one.substring(0, Math.max(0, at)), StandardCharsets.UTF_8),
                      fence));
    }
    return fences;
  }

  /** Newest first, as many as there is room for. */
  private static String text(Map<String, Fence> newest) {
    StringBuilder text = new StringBuilder();
    for (var one : newest.entrySet()) {
      String entry = URLEncoder.encode(one.getKey(), StandardCharsets.UTF_8) + "=" + one.getValue();
      if (!text.isEmpty() && text.length() + 1 + entry.length() > Attribute.MOST) {
        break;
      }
      text.append(text.isEmpty() ? "" : " ").append(entry);
    }
    return text.toString();
  }
}
