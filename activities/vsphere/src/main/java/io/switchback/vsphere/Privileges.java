package io.switchback.vsphere;

import com.vmware.vim25.EntityPrivilege;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.PrivilegeAvailability;
import com.vmware.vim25.UserSession;
import io.switchback.model.SiteFinding;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an account must be allowed to do at a site. A site that fails over to another one is failed
 * back to, so each needs all of it; {@code docs/operate/vsphere.md} shows the same as a role.
 */
final class Privileges {
  private static final String FOLLOWS = "to follow production there";
  private static final String RECOVERS = "to recover there";
  private static final String DRILLS = "to run drills there";
  private static final String BOTH = FOLLOWS + " and " + RECOVERS;
  private static final String RECOVERS_AND_DRILLS = RECOVERS + " and " + DRILLS;

  /** In place of a type: the folder that a vCenter's attributes are defined at. */
  private static final String ROOT = "the root folder";

  /** By the type of object that they are needed on: the privilege, and what for. */
  private static final Map<String, Map<String, String>> NEEDED = needed();

  private Privileges() {}

  private static Map<String, Map<String, String>> needed() {
    Map<String, String> vm = new LinkedHashMap<>();
    vm.put("VirtualMachine.Config.AdvancedConfig", BOTH);
    vm.put("VirtualMachine.Config.ChangeTracking", BOTH);
    vm.put("VirtualMachine.State.CreateSnapshot", BOTH);
    vm.put("VirtualMachine.State.RemoveSnapshot", BOTH);
    vm.put("VirtualMachine.State.RevertToSnapshot", RECOVERS);
    vm.put("VirtualMachine.Interact.PowerOn", RECOVERS);
    vm.put("VirtualMachine.Interact.PowerOff", BOTH);
    vm.put("VirtualMachine.Interact.DeviceConnection", BOTH);
    vm.put("VirtualMachine.Config.AddExistingDisk", BOTH);
    vm.put("VirtualMachine.Config.AddNewDisk", RECOVERS);
    vm.put("VirtualMachine.Config.RemoveDisk", BOTH);
    vm.put("VirtualMachine.Config.DiskExtend", RECOVERS);
    vm.put("VirtualMachine.Config.DiskLease", BOTH);
    vm.put("VirtualMachine.Config.AddRemoveDevice", RECOVERS);
    vm.put("VirtualMachine.Config.EditDevice", RECOVERS);
    vm.put("VirtualMachine.Config.CPUCount", RECOVERS);
    vm.put("VirtualMachine.Config.Memory", RECOVERS);
    vm.put("VirtualMachine.Config.Rename", RECOVERS);
    vm.put("VirtualMachine.Config.Settings", RECOVERS);
    // To ask for changed areas.
    vm.put("VirtualMachine.Provisioning.DiskRandomRead", BOTH);
    vm.put("VirtualMachine.Provisioning.Clone", DRILLS);
    // Of linked copies, and at datacenters of what was given up.
    vm.put("Global.SetCustomField", RECOVERS_AND_DRILLS);
    Map<String, String> folder = new LinkedHashMap<>();
    folder.put("VirtualMachine.Inventory.Create", RECOVERS);
    folder.put("VirtualMachine.Inventory.CreateFromExisting", DRILLS);
    folder.put("VirtualMachine.Inventory.Delete", RECOVERS);
    folder.put("VirtualMachine.Inventory.Register", RECOVERS);
    folder.put("VirtualMachine.Inventory.Unregister", RECOVERS);
    folder.put("VirtualMachine.Inventory.Move", RECOVERS);
    folder.put("Folder.Create", RECOVERS);
    Map<String, String> datastore = new LinkedHashMap<>();
    datastore.put("Datastore.AllocateSpace", BOTH);
    datastore.put("Datastore.Browse", BOTH);
    datastore.put("Datastore.FileManagement", RECOVERS);
    Map<String, Map<String, String>> needed = new LinkedHashMap<>();
    needed.put(ROOT, Map.of("Global.ManageCustomFields", RECOVERS_AND_DRILLS));
    needed.put("Datacenter", Map.of("Global.SetCustomField", RECOVERS_AND_DRILLS));
    needed.put("VirtualMachine", vm);
    needed.put("HostSystem", Map.of("Host.Config.Network", DRILLS));
    needed.put("Folder", folder);
    needed.put("Datastore", datastore);
    needed.put("Network", Map.of("Network.Assign", RECOVERS));
    needed.put(
        "ResourcePool",
        Map.of("Resource.AssignVMToPool", RECOVERS, "Resource.ColdMigrate", RECOVERS));
    return needed;
  }

  /** Every privilege that the account lacks on something that it sees, one finding each. */
  static List<SiteFinding> missing(String site, Session session) throws RemoteException {
    String key =
        Properties.of(session, session.content().getSessionManager(), "currentSession")
            .get("currentSession", UserSession.class, new UserSession())
            .getKey();
    Map<String, List<String>> lacking = new TreeMap<>();
    Map<String, String> purposes = new LinkedHashMap<>();
    for (var type : NEEDED.entrySet()) {
      purposes.putAll(type.getValue());
      List<Properties.Row> entities = entities(session, type.getKey());
      if (!entities.isEmpty()) {
        ask(session, key, entities, List.copyOf(type.getValue().keySet()), lacking);
      }
    }
    return lacking.entrySet().stream()
        .map(
            one ->
                SiteFinding.privilegeMissing(
                    site, one.getKey(), one.getValue(), purposes.getOrDefault(one.getKey(), BOTH)))
        .toList();
  }

  private static List<Properties.Row> entities(Session session, String type)
      throws RemoteException {
    return switch (type) {
      case ROOT -> List.of(Properties.of(session, session.content().getRootFolder(), "name"));
      case "Folder" ->
          Properties.all(session, "Folder", "name", "childType").stream()
              .filter(Privileges::holdsVms)
              .toList();
      default -> Properties.all(session, type, "name");
    };
  }

  private static boolean holdsVms(Properties.Row folder) {
    return Arrays.asList(folder.get("childType", String[].class, new String[0]))
        .contains("VirtualMachine");
  }

  private static void ask(
      Session session,
      String key,
      List<Properties.Row> entities,
      List<String> privileges,
      Map<String, List<String>> lacking)
      throws RemoteException {
    Map<String, String> names = new LinkedHashMap<>();
    entities.forEach(
        row ->
            names.put(row.object().getVal(), row.get("name", String.class, row.object().getVal())));
    EntityPrivilege[] answers =
        session
            .vim()
            .hasPrivilegeOnEntities(
                session.content().getAuthorizationManager(),
                entities.stream()
                    .map(Properties.Row::object)
                    .toArray(ManagedObjectReference[]::new),
                key,
                privileges.toArray(String[]::new));
    for (EntityPrivilege answer : answers) {
      for (PrivilegeAvailability one : answer.getPrivAvailability()) {
        if (!one.isIsGranted()) {
          lacking
              .computeIfAbsent(one.getPrivId(), id -> new ArrayList<>())
              .add(names.getOrDefault(answer.getEntity().getVal(), answer.getEntity().getVal()));
        }
      }
    }
  }
}
