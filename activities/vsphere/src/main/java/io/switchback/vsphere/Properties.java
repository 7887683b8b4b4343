package io.switchback.vsphere;

import com.vmware.vim25.DynamicProperty;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MissingProperty;
import com.vmware.vim25.NoPermission;
import com.vmware.vim25.ObjectContent;
import com.vmware.vim25.ObjectSpec;
import com.vmware.vim25.PropertyFilterSpec;
import com.vmware.vim25.PropertySpec;
import com.vmware.vim25.RetrieveOptions;
import com.vmware.vim25.RetrieveResult;
import com.vmware.vim25.SelectionSpec;
import com.vmware.vim25.TraversalSpec;
import io.switchback.vsphere.soap.FaultString;
import java.lang.reflect.Field;
import java.rmi.RemoteException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads properties of managed objects, each by its path and many in one call. */
final class Properties {
  /** Objects per page: an answer stays some megabytes long. */
  private static final int PAGE = 500;

  private Properties() {}

  /** The properties of one object that it has. */
  record Row(ManagedObjectReference object, Map<String, Object> values) {
    /** Null when the object does not have it now. */
    <T> @Nullable T get(String path, Class<T> type) {
      Object value = values.get(path);
      return type.isInstance(value) ? type.cast(value) : null;
    }

    <T> T get(String path, Class<T> type, T otherwise) {
      T value = get(path, type);
      return value == null ? otherwise : value;
    }
  }

  /**
   * Reads one object.
   *
   * @throws com.vmware.vim25.ManagedObjectNotFound when it is gone
   */
  static Row of(Session session, ManagedObjectReference object, String... paths)
      throws RemoteException {
    ObjectSpec start = new ObjectSpec();
    start.setObj(object);
    List<Row> rows = retrieve(session, start, object.getType(), paths);
    return rows.isEmpty() ? new Row(object, Map.of()) : rows.getFirst();
  }

  /** Reads objects of one type that are known. */
  static List<Row> of(
      Session session, List<ManagedObjectReference> objects, String type, String... paths)
      throws RemoteException {
    if (objects.isEmpty()) {
      return List.of();
    }
    ObjectSpec[] starts =
        objects.stream()
            .map(
                object -> {
                  ObjectSpec start = new ObjectSpec();
                  start.setObj(object);
                  return start;
                })
            .toArray(ObjectSpec[]::new);
    return retrieve(session, starts, type, paths);
  }

  /** Reads every object of the type that the account may see. */
  static List<Row> all(Session session, String type, String... paths) throws RemoteException {
    ManagedObjectReference view =
        session
            .vim()
            .createContainerView(
                session.content().getViewManager(),
                session.content().getRootFolder(),
                new String[] {type},
                true);
    try {
      TraversalSpec through = new TraversalSpec();
      through.setName("view");
      through.setType("ContainerView");
      through.setPath("view");
      through.setSkip(false);
      ObjectSpec start = new ObjectSpec();
      start.setObj(view);
      start.setSkip(true);
      start.setSelectSet(new SelectionSpec[] {through});
      return retrieve(session, start, type, paths);
    } finally {
      session.vim().destroyView(view);
    }
  }

  private static List<Row> retrieve(Session session, ObjectSpec start, String type, String... paths)
      throws RemoteException {
    return retrieve(session, new ObjectSpec[] {start}, type, paths);
  }

  @SuppressWarnings("NullAway") // an answer without objects, and the last page's token
  private static List<Row> retrieve(
      Session session, ObjectSpec[] starts, String type, String... paths) throws RemoteException {
    RetrieveOptions pages = new RetrieveOptions();
    pages.setMaxObjects(PAGE);
    ManagedObjectReference collector = session.content().getPropertyCollector();
    List<Row> rows = new ArrayList<>();
    RetrieveResult page =
        session
            .vim()
            .retrievePropertiesEx(
                collector, new PropertyFilterSpec[] {filter(starts, type, paths)}, pages);
    while (page != null) {
      add(rows, page.getObjects());
      page =
          page.getToken() == null
              ? null
              : session.vim().continueRetrievePropertiesEx(collector, page.getToken());
    }
    return rows;
  }

  static PropertyFilterSpec filter(ObjectSpec[] starts, String type, String... paths) {
    PropertySpec wanted = new PropertySpec();
    wanted.setType(type);
    wanted.setAll(false);
    wanted.setPathSet(paths);
    PropertyFilterSpec filter = new PropertyFilterSpec();
    filter.setObjectSet(starts);
    filter.setPropSet(new PropertySpec[] {wanted});
    return filter;
  }

  private static void add(List<Row> rows, ObjectContent @Nullable [] objects)
      throws RemoteException {
    if (objects == null) {
      return;
    }
    for (ObjectContent object : objects) {
      refuseForbidden(object.getMissingSet());
      Map<String, Object> values = new HashMap<>();
      DynamicProperty[] properties = object.getPropSet();
      if (properties != null) {
        for (DynamicProperty property : properties) {
          if (property.getVal() != null) {
            values.put(property.getName(), unwrapped(property.getVal()));
          }
        }
      }
      rows.add(new Row(object.getObj(), values));
    }
  }

  // A property that may not be read must not look like one that is not there.
  static void refuseForbidden(MissingProperty @Nullable [] missing) throws RemoteException {
    if (missing == null) {
      return;
    }
    for (MissingProperty one : missing) {
      if (one.getFault() != null && one.getFault().getFault() instanceof NoPermission no) {
        throw FaultString.attach(no, "the property '%s' may not be read".formatted(one.getPath()));
      }
    }
  }

  /** An {@code ArrayOfX} as the {@code X[]} that it holds. */
  static Object unwrapped(Object value) {
    if (!value.getClass().getSimpleName().startsWith("ArrayOf")) {
      return value;
    }
    try {
      Field held = value.getClass().getFields()[0];
      Object array = held.get(value);
      return array == null
          ? java.lang.reflect.Array.newInstance(held.getType().getComponentType(), 0)
          : array;
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
