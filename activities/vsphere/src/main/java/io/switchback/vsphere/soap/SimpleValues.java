package io.switchback.vsphere.soap;

import com.vmware.vim25.ManagedObjectReference;
import java.lang.reflect.Field;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Base64;
import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Values that an element holds as text, and how XML Schema writes them. */
final class SimpleValues {
  private static final Map<Class<?>, Function<String, Object>> READERS =
      Map.ofEntries(
          Map.entry(String.class, text -> text),
          Map.entry(int.class, Integer::valueOf),
          Map.entry(Integer.class, Integer::valueOf),
          Map.entry(long.class, Long::valueOf),
          Map.entry(Long.class, Long::valueOf),
          Map.entry(short.class, Short::valueOf),
          Map.entry(Short.class, Short::valueOf),
          Map.entry(byte.class, Byte::valueOf),
          Map.entry(Byte.class, Byte::valueOf),
          Map.entry(float.class, text -> Float.valueOf(number(text))),
          Map.entry(Float.class, text -> Float.valueOf(number(text))),
          Map.entry(double.class, text -> Double.valueOf(number(text))),
          Map.entry(Double.class, text -> Double.valueOf(number(text))),
          Map.entry(boolean.class, SimpleValues::truth),
          Map.entry(Boolean.class, SimpleValues::truth),
          Map.entry(Calendar.class, SimpleValues::calendar));

  private static final Map<String, Class<?>> SCHEMA_TYPES =
      Map.ofEntries(
          Map.entry("string", String.class),
          Map.entry("anyURI", String.class),
          Map.entry("int", Integer.class),
          Map.entry("unsignedShort", Integer.class),
          Map.entry("long", Long.class),
          Map.entry("unsignedInt", Long.class),
          Map.entry("short", Short.class),
          Map.entry("unsignedByte", Short.class),
          Map.entry("byte", Byte.class),
          Map.entry("float", Float.class),
          Map.entry("double", Double.class),
          Map.entry("boolean", Boolean.class),
          Map.entry("dateTime", Calendar.class),
          Map.entry("base64Binary", byte[].class));

  private static final Map<Class<?>, String> WRITTEN_AS =
      Map.ofEntries(
          Map.entry(String.class, "xsd:string"),
          Map.entry(Integer.class, "xsd:int"),
          Map.entry(Long.class, "xsd:long"),
          Map.entry(Short.class, "xsd:short"),
          Map.entry(Byte.class, "xsd:byte"),
          Map.entry(Float.class, "xsd:float"),
          Map.entry(Double.class, "xsd:double"),
          Map.entry(Boolean.class, "xsd:boolean"),
          Map.entry(byte[].class, "xsd:base64Binary"));

  private static final Map<Class<?>, Map<String, Object>> CONSTANTS = new ConcurrentHashMap<>();

  private SimpleValues() {}

  /** The class for a type of XML Schema; null when it has none here. */
  static @Nullable Class<?> ofSchema(String localName) {
    return SCHEMA_TYPES.get(localName);
  }

  static boolean isSimple(Class<?> type) {
    return READERS.containsKey(type) || type.isEnum();
  }

  /**
   * The value of {@code text}; null when an enumeration does not have it.
   *
   * @throws IllegalArgumentException when it is no value of that type
   */
  static @Nullable Object read(Class<?> type, String text) {
    if (type.isEnum()) {
      return CONSTANTS.computeIfAbsent(type, SimpleValues::constants).get(text.strip());
    }
    Function<String, Object> reader = READERS.get(type);
    if (reader == null) {
      throw new IllegalArgumentException("no simple type: " + type);
    }
    return reader.apply(type == String.class ? text : text.strip());
  }

  /** Bytes are sent in base64, or one element for each of them. */
  static byte[] bytes(String text) {
    String value = text.strip();
    return value.matches("-?\\d{1,3}")
        ? new byte[] {Byte.parseByte(value)}
        : Base64.getMimeDecoder().decode(value);
  }

  /** The type that an {@code anyType} needs beside it; null for what is not simple. */
  static @Nullable String schemaType(Object value) {
    return value instanceof Calendar ? "xsd:dateTime" : WRITTEN_AS.get(value.getClass());
  }

  static String write(Object value) {
    return switch (value) {
      case Calendar calendar -> calendar.toInstant().toString();
      case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
      case Enum<?> constant -> wireName(constant);
      case ManagedObjectReference reference -> reference.val;
      default -> value.toString();
    };
  }

  private static Map<String, Object> constants(Class<?> type) {
    Map<String, Object> constants = new ConcurrentHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(wireName((Enum<?>) constant), constant);
    }
    return constants;
  }

  // Java's name differs where the server's is no Java name; vijava keeps the latter in a field.
  private static String wireName(Enum<?> constant) {
    try {
      Field wire = constant.getDeclaringClass().getDeclaredField("val");
      wire.setAccessible(true);
      return (String) wire.get(constant);
    } catch (ReflectiveOperationException e) {
      return constant.name();
    }
  }

  private static String number(String text) {
    return switch (text) {
      case "INF" -> "Infinity";
      case "-INF" -> "-Infinity";
      default -> text;
    };
  }

  private static Boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException("no boolean: '" + text + "'");
    };
  }

  // A time without an offset is the server's, which keeps UTC.
  private static Calendar calendar(String text) {
    try {
      TemporalAccessor parsed =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text, OffsetDateTime::from, LocalDateTime::from);
      return GregorianCalendar.from(
          parsed instanceof OffsetDateTime offset
              ? offset.toZonedDateTime()
              : ((LocalDateTime) parsed).atZone(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no time: '" + text + "'", e);
    }
  }
}
