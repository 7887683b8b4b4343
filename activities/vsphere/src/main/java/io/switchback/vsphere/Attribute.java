package io.switchback.vsphere;

import com.vmware.vim25.CustomFieldDef;
import com.vmware.vim25.CustomFieldStringValue;
import com.vmware.vim25.CustomFieldValue;
import com.vmware.vim25.DuplicateName;
import com.vmware.vim25.ManagedObjectReference;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.rmi.RemoteException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A custom attribute of objects of one type: text that no snapshot holds and no revert brings back.
 *
 * <p>vCenter does not check that an attribute is as it was when it was read. What was written is
 * read again, and written again when another has replaced it; two that write at once, one of whom
 * reads before the other writes, lose one of both.
 */
final class Attribute {
  /** Of an object: what {@link #of} reads. */
  static final String PATH = "customValue";

  /** How much text vCenter is trusted to keep. */
  static final int MOST = 250;

  private static final int TRIES = 5;

  private final VCenter vcenter;
  private final String name;
  private final String type;

  /**
   * @param name for people as well
   * @param type of the objects that have it
   */
  Attribute(VCenter vcenter, String name, String type) {
    this.vcenter = vcenter;
    this.name = name;
    this.type = type;
  }

  /** What an object has; empty when that is nothing. */
  String of(Properties.Row object) throws RemoteException {
    return of(vcenter, object, List.of(this)).getFirst();
  }

  /** What an object has in each of some attributes, in their order. */
  static List<String> of(VCenter vcenter, Properties.Row object, List<Attribute> attributes)
      throws RemoteException {
    boolean hasNone =
        object.get(PATH, CustomFieldValue[].class, new CustomFieldValue[0]).length == 0;
    Map<String, Integer> keys = hasNone ? Map.of() : keys(vcenter);
    return attributes.stream()
        .map(each -> Optional.ofNullable(keys.get(each.name)))
        .map(key -> key.map(known -> of(object, known)).orElse(""))
        .toList();
  }

  private static String of(Properties.Row object, int key) {
    return Arrays.stream(object.get(PATH, CustomFieldValue[].class, new CustomFieldValue[0]))
        .filter(value -> value.getKey() == key)
        .filter(CustomFieldStringValue.class::isInstance)
        .map(value -> ((CustomFieldStringValue) value).getValue())
        .findFirst()
        .orElse("");
  }

  /**
   * Changes what an object has, until it stays.
   *
   * @param change applied to what is there now; to its own outcome it changes nothing
   * @throws FaultException BUSY when others change it all the time, or its turn does not come
   */
  void change(String what, ManagedObjectReference object, UnaryOperator<String> change)
      throws RemoteException {
    int key = keyOrNew(what);
    for (int i = 0; i < TRIES; i++) {
      String now = of(vcenter.read(live -> Properties.of(live, object, PATH)), key);
      String wanted = change.apply(now);
      if (wanted.equals(now)) {
        return;
      }
      var _ =
          write(
              what,
              live -> {
                live.vim().setField(live.content().getCustomFieldsManager(), object, key, wanted);
                return wanted;
              });
    }
    throw new FaultException(
        Fault.BUSY,
        "Could not %s: others change the attribute '%s' all the time. It is tried again."
            .formatted(what, name));
  }

  private <T> T write(String what, VCenter.Call<T> call) throws RemoteException {
    return vcenter.caps().admit(what, "", () -> vcenter.change(call));
  }

  private Optional<Integer> key() throws RemoteException {
    return Optional.ofNullable(keys(vcenter).get(name));
  }

  private static Map<String, Integer> keys(VCenter vcenter) throws RemoteException {
    return vcenter.read(
        live ->
            Arrays.stream(
                    Properties.of(live, live.content().getCustomFieldsManager(), "field")
                        .get("field", CustomFieldDef[].class, new CustomFieldDef[0]))
                .collect(
                    // Those of other types may be called alike.
                    Collectors.toMap(
                        CustomFieldDef::getName, CustomFieldDef::getKey, (first, other) -> first)));
  }

  @SuppressWarnings("NullAway") // an attribute without privileges of its own
  private int keyOrNew(String what) throws RemoteException {
    Optional<Integer> there = key();
    if (there.isPresent()) {
      return there.get();
    }
    try {
      return write(
              what,
              live -> {
                ManagedObjectReference manager = live.content().getCustomFieldsManager();
                return live.vim().addCustomFieldDef(manager, name, type, null, null);
              })
          .getKey();
    } catch (DuplicateName faster) {
      return key().orElseThrow(() -> new IllegalStateException(faster));
    }
  }
}
