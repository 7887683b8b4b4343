package io.switchback.vsphere;

import com.vmware.vim25.CustomFieldDef;
import com.vmware.vim25.CustomFieldStringValue;
import com.vmware.vim25.CustomFieldValue;
import com.vmware.vim25.DuplicateName;
import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.Fence;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fences of replicas whose VM was removed, or never made: there is no VM that could keep them. They
 * are in a custom attribute of a datacenter, the newest few of them, which is enough to hold back
 * an attempt to place a VM that wakes up after the replica was given up.
 *
 * <p>vCenter does not check that an attribute is as it was when it was read. What was written is
 * read again, and written again when another has replaced it; two that write at once, one of whom
 * reads before the other writes, lose one of both.
 */
final class GivenUp {
  /** The attribute's name, for people as well. */
  static final String ATTRIBUTE = "switchback.given-up";

  /** How much text vCenter is trusted to keep in an attribute. */
  private static final int MOST = 250;

  private static final int TRIES = 5;

  private final VCenter vcenter;

  GivenUp(VCenter vcenter) {
    this.vcenter = vcenter;
  }

  /**
   * Refuses whoever comes late.
   *
   * @throws FaultException FENCED when the replica was given up under a higher fence
   */
  void refuseLower(String what, String replicaId, Fence mine) throws RemoteException {
    Optional<Integer> key = key();
    if (key.isEmpty()) {
      return;
    }
    for (Properties.Row datacenter : datacenters()) {
      Fence seen = read(datacenter, key.get()).get(replicaId);
      if (seen != null && seen.compareTo(mine) > 0) {
        throw new FaultException(
            Fault.FENCED,
            "Could not %s: the replica was given up under the fence %s, and this attempt has %s. A newer claim or attempt has taken over; look at it."
                .formatted(what, seen, mine));
      }
    }
  }

  /** Holds back attempts under lower fences from now on. */
  void record(String what, String replicaId, Fence mine) throws RemoteException {
    refuseLower(what, replicaId, mine);
    int key = keyOrNew();
    for (int i = 0; i < TRIES; i++) {
      Properties.Row datacenter = datacenters().getFirst();
      Map<String, Fence> now = read(datacenter, key);
      if (mine.equals(now.get(replicaId))) {
        return;
      }
      Map<String, Fence> newest = new LinkedHashMap<>();
      newest.put(replicaId, mine);
      now.forEach(newest::putIfAbsent);
      String text = text(newest);
      vcenter.change(
          live -> {
            live.vim()
                .setField(live.content().getCustomFieldsManager(), datacenter.object(), key, text);
            return text;
          });
    }
    throw new FaultException(
        Fault.BUSY,
        "Could not %s: others change the attribute '%s' all the time. It is tried again."
            .formatted(what, ATTRIBUTE));
  }

  private List<Properties.Row> datacenters() throws RemoteException {
    List<Properties.Row> all =
        vcenter.read(live -> Properties.all(live, "Datacenter", "customValue")).stream()
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

  private Optional<Integer> key() throws RemoteException {
    return vcenter.read(
        live ->
            Arrays.stream(
                    Properties.of(live, live.content().getCustomFieldsManager(), "field")
                        .get("field", CustomFieldDef[].class, new CustomFieldDef[0]))
                .filter(field -> ATTRIBUTE.equals(field.getName()))
                .map(CustomFieldDef::getKey)
                .findFirst());
  }

  @SuppressWarnings("NullAway") // an attribute without privileges of its own
  private int keyOrNew() throws RemoteException {
    Optional<Integer> there = key();
    if (there.isPresent()) {
      return there.get();
    }
    try {
      return vcenter
          .change(
              live -> {
                ManagedObjectReference manager = live.content().getCustomFieldsManager();
                return live.vim().addCustomFieldDef(manager, ATTRIBUTE, "Datacenter", null, null);
              })
          .getKey();
    } catch (DuplicateName faster) {
      return key().orElseThrow(() -> new IllegalStateException(faster));
    }
  }

  private static Map<String, Fence> read(Properties.Row datacenter, int key) {
    Map<String, Fence> fences = new LinkedHashMap<>();
    for (CustomFieldValue value :
        datacenter.get("customValue", CustomFieldValue[].class, new CustomFieldValue[0])) {
      if (value.getKey() == key && value instanceof CustomFieldStringValue recorded) {
        for (String one : recorded.getValue().split(" ")) {
          int at = one.indexOf('=');
          Fences.parse(one.substring(at + 1))
              .ifPresent(
                  fence ->
                      fences.put(
                          URLDecoder.decode(
                              one.substring(0, Math.max(0, at)), StandardCharsets.UTF_8),
                          fence));
        }
      }
    }
    return fences;
  }

  /** Newest first, as many as there is room for. */
  private static String text(Map<String, Fence> newest) {
    StringBuilder text = new StringBuilder();
    for (var one : newest.entrySet()) {
      String entry = URLEncoder.encode(one.getKey(), StandardCharsets.UTF_8) + "=" + one.getValue();
      if (!text.isEmpty() && text.length() + 1 + entry.length() > MOST) {
        break;
      }
      text.append(text.isEmpty() ? "" : " ").append(entry);
    }
    return text.toString();
  }
}
