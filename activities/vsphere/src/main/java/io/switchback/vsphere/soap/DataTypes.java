package io.switchback.vsphere.soap;

import com.vmware.vim25.DynamicData;
import com.vmware.vim25.DynamicProperty;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MethodFault;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** vijava's data classes, by the names that servers give their types. */
final class DataTypes {
  private static final String PACKAGE = "com.vmware.vim25.";
  private static final Map<String, Optional<Class<?>>> BY_NAME = new ConcurrentHashMap<>();
  private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

  private DataTypes() {}

  /**
   * The fields of a data class by element name, those of its ancestors first, as the schema has it.
   */
  record Shape(Class<?> type, Constructor<?> constructor, Map<String, Field> fields) {
    Object make() throws ReflectiveOperationException {
      return constructor.newInstance();
    }
  }

  /**
   * The data class of that name; null when vijava has none. The name comes from the server, so only
   * classes are answered that hold nothing but data.
   */
  static @Nullable Class<?> named(String name) {
    return BY_NAME.computeIfAbsent(name, DataTypes::find).orElse(null);
  }

  private static Optional<Class<?>> find(String name) {
    if (!name.matches("[A-Za-z][A-Za-z0-9_]*")) {
      return Optional.empty();
    }
    try {
      Class<?> type = Class.forName(PACKAGE + name, false, DynamicData.class.getClassLoader());
      return isData(type) ? Optional.of(type) : Optional.empty();
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.empty();
    }
  }

  private static boolean isData(Class<?> type) {
    return DynamicData.class.isAssignableFrom(type)
        || MethodFault.class.isAssignableFrom(type)
        || type.isEnum()
        || type == ManagedObjectReference.class
        || type == DynamicProperty.class
        || type.getSimpleName().startsWith("ArrayOf");
  }

  static Shape shape(Class<?> type) {
    return SHAPES.computeIfAbsent(type, DataTypes::examine);
  }

  private static Shape examine(Class<?> type) {
    List<Class<?>> line = new ArrayList<>();
    for (Class<?> one = type; one != null && isData(one); one = one.getSuperclass()) {
      line.addFirst(one);
    }
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Class<?> one : line) {
      for (Field field : one.getDeclaredFields()) {
        int modifiers = field.getModifiers();
        if (Modifier.isPublic(modifiers) && !Modifier.isStatic(modifiers)) {
          fields.put(elementName(field), field);
        }
      }
    }
    try {
      return new Shape(type, type.getConstructor(), fields);
    } catch (NoSuchMethodException e) {
      throw new IllegalArgumentException("no data class: " + type, e);
    }
  }

  // vijava puts '_' before what is a word of Java.
  private static String elementName(Field field) {
    return field.getName().startsWith("_") ? field.getName().substring(1) : field.getName();
  }
}
