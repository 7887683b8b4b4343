package io.switchback.vsphere.soap;

import com.vmware.vim25.DynamicData;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.MethodFault;
import java.io.InputStream;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads a SOAP answer into vijava's objects. Servers may be newer than these: an unknown field is
 * passed over, an unknown value of an enumeration is left out, an unknown type is read as the
 * declared one, with its own name in {@code dynamicType}. Document types are refused.
 */
final class AnswerReader {
  private static final String XSI = XMLConstants.W3C_XML_SCHEMA_INSTANCE_NS_URI;
  private static final String XSD = XMLConstants.W3C_XML_SCHEMA_NS_URI;

  private final XMLStreamReader in;

  private AnswerReader(XMLStreamReader in) {
    this.in = in;
  }

  /** A reader that takes no document type, and thus no entity from anywhere. */
  static XMLStreamReader open(InputStream xml) throws XMLStreamException {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty("jdk.xml.dtd.support", "deny");
    return factory.createXMLStreamReader(xml);
  }

  /**
   * Reads an answer.
   *
   * @param resultType vijava's name of what is returned, with {@code []} for several; null for
   *     nothing
   * @return null when nothing was returned
   * @throws MethodFault the server's refusal
   * @throws XMLStreamException when it is no SOAP answer
   */
  static @Nullable Object read(InputStream xml, @Nullable String resultType)
      throws MethodFault, XMLStreamException {
    XMLStreamReader in = open(xml);
    try {
      return new AnswerReader(in).envelope(resultType);
    } catch (IllegalArgumentException e) {
      throw new XMLStreamException(e.getMessage(), in.getLocation(), e);
    } finally {
      in.close();
    }
  }

  private @Nullable Object envelope(@Nullable String resultType)
      throws MethodFault, XMLStreamException {
    enter("Envelope");
    enter("Body");
    if (!nextElement()) {
      throw new XMLStreamException("a body without an answer", in.getLocation());
    }
    if (in.getLocalName().equals("Fault")) {
      throw fault();
    }
    if (!in.getLocalName().endsWith("Response")) {
      throw new XMLStreamException("no answer but " + in.getLocalName(), in.getLocation());
    }
    return results(resultType);
  }

  private void enter(String name) throws XMLStreamException {
    while (nextElement()) {
      if (in.getLocalName().equals(name)) {
        return;
      }
      skip();
    }
    throw new XMLStreamException("there is no " + name, in.getLocation());
  }

  /** Whether another element begins here before the one around it ends. */
  private boolean nextElement() throws XMLStreamException {
    while (in.hasNext()) {
      int event = in.next();
      if (event == XMLStreamConstants.DTD) {
        throw new XMLStreamException("a document type is not taken", in.getLocation());
      }
      if (event == XMLStreamConstants.START_ELEMENT || event == XMLStreamConstants.END_ELEMENT) {
        return event == XMLStreamConstants.START_ELEMENT;
      }
    }
    return false;
  }

  private @Nullable Object results(@Nullable String resultType) throws XMLStreamException {
    List<Object> values = new ArrayList<>();
    boolean isSeveral = resultType != null && resultType.endsWith("[]");
    Class<?> type = resultType == null ? null : classOf(resultType.replace("[]", ""));
    while (nextElement()) {
      if (type == null) {
        skip();
        continue;
      }
      Object value = value(type);
      if (value != null) {
        values.add(value);
      }
    }
    if (type != null && isSeveral) {
      return values.isEmpty() ? null : array(type, values);
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  private static Class<?> classOf(String type) {
    Class<?> simple =
        switch (type) {
          // One of vijava's stubs says it so.
          case "String", "Sring" -> String.class;
          case "Calendar" -> java.util.Calendar.class;
          default -> SimpleValues.ofSchema(type);
        };
    Class<?> found = simple == null ? DataTypes.named(type) : simple;
    if (found == null) {
      throw new IllegalArgumentException("no class for the answer's type " + type);
    }
    return found;
  }

  private MethodFault fault() throws XMLStreamException {
    String code = "";
    String said = "";
    MethodFault detail = null;
    while (nextElement()) {
      switch (in.getLocalName()) {
        case "faultcode" -> code = text();
        case "faultstring" -> said = text();
        case "detail" -> detail = detail();
        default -> skip();
      }
    }
    MethodFault fault = detail == null ? new MethodFault() : detail;
    if (detail == null) {
      fault.dynamicType = code;
    }
    return FaultString.attach(fault, said);
  }

  private @Nullable MethodFault detail() throws XMLStreamException {
    MethodFault first = null;
    while (nextElement()) {
      if (first != null) {
        skip();
        continue;
      }
      String name = in.getLocalName();
      String typed = typeName();
      String shortened = name.endsWith("Fault") ? name.substring(0, name.length() - 5) : name;
      Class<?> type = faultClass(typed);
      type = type == null ? faultClass(name) : type;
      type = type == null ? faultClass(shortened) : type;
      first = (MethodFault) data(type == null ? MethodFault.class : type);
      if (type == null) {
        first.dynamicType = typed == null ? shortened : typed;
      }
    }
    return first;
  }

  private static @Nullable Class<?> faultClass(@Nullable String name) {
    Class<?> type = name == null ? null : DataTypes.named(name);
    return type != null && MethodFault.class.isAssignableFrom(type) ? type : null;
  }

  /** The value of the element that begins here, up to its end. */
  private @Nullable Object value(Class<?> declared) throws XMLStreamException {
    if ("true".equals(in.getAttributeValue(XSI, "nil"))) {
      skip();
      return null;
    }
    Class<?> named = namedType();
    if (declared == ManagedObjectReference.class || named == ManagedObjectReference.class) {
      return reference();
    }
    String typeName = typeName();
    boolean isFitting = named != null && declared.isAssignableFrom(named);
    Class<?> type = named != null && isFitting ? named : declared;
    if (type == Object.class) {
      // An untyped value is text; one whose type is unknown cannot be read.
      return typeName == null ? text() : nothing();
    }
    if (type == byte[].class) {
      return SimpleValues.bytes(text());
    }
    if (SimpleValues.isSimple(type)) {
      return SimpleValues.read(type, text());
    }
    Object data = data(type);
    if (typeName != null && !isFitting) {
      remember(typeName, data);
    }
    return data;
  }

  private static void remember(String typeName, Object data) {
    if (data instanceof DynamicData known) {
      known.dynamicType = typeName;
    } else if (data instanceof MethodFault fault) {
      fault.dynamicType = typeName;
    }
  }

  private @Nullable Object nothing() throws XMLStreamException {
    skip();
    return null;
  }

  private ManagedObjectReference reference() throws XMLStreamException {
    ManagedObjectReference reference = new ManagedObjectReference();
    // Without a namespace: the server puts an xsi:type beside it, before or after.
    reference.type = in.getAttributeValue("", "type");
    reference.val = text();
    return reference;
  }

  private Object data(Class<?> type) throws XMLStreamException {
    DataTypes.Shape shape = DataTypes.shape(type);
    try {
      Object data = shape.make();
      Map<Field, List<Object>> several = new LinkedHashMap<>();
      while (nextElement()) {
        Field field = shape.fields().get(in.getLocalName());
        if (field == null) {
          skip();
          continue;
        }
        Class<?> declared = field.getType();
        if (declared == byte[].class) {
          field.set(data, joined((byte[]) field.get(data), SimpleValues.bytes(text())));
          continue;
        }
        Object value = value(declared.isArray() ? declared.getComponentType() : declared);
        if (value == null) {
          continue;
        }
        if (declared.isArray()) {
          several.computeIfAbsent(field, none -> new ArrayList<>()).add(value);
        } else {
          field.set(data, value);
        }
      }
      for (Map.Entry<Field, List<Object>> entry : several.entrySet()) {
        entry
            .getKey()
            .set(data, array(entry.getKey().getType().getComponentType(), entry.getValue()));
      }
      return data;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("vijava's " + type + " cannot be filled", e);
    }
  }

  @SuppressWarnings("NullAway") // null before the first element
  private static byte[] joined(byte[] before, byte[] more) {
    if (before == null) {
      return more;
    }
    byte[] all = Arrays.copyOf(before, before.length + more.length);
    System.arraycopy(more, 0, all, before.length, more.length);
    return all;
  }

  private static Object array(Class<?> type, List<Object> values) {
    Object array = Array.newInstance(type, values.size());
    for (int i = 0; i < values.size(); i++) {
      Array.set(array, i, values.get(i));
    }
    return array;
  }

  /** The local name of the element's type; null when it says none. */
  private @Nullable String typeName() {
    String type = in.getAttributeValue(XSI, "type");
    return type == null ? null : type.substring(type.indexOf(':') + 1).strip();
  }

  private @Nullable Class<?> namedType() {
    String type = in.getAttributeValue(XSI, "type");
    String name = typeName();
    if (type == null || name == null) {
      return null;
    }
    int colon = type.indexOf(':');
    boolean isSchema =
        colon > 0 && XSD.equals(in.getNamespaceURI(type.substring(0, colon).strip()));
    return isSchema ? SimpleValues.ofSchema(name) : DataTypes.named(name);
  }

  /** The text of the element that begins here; elements within it are passed over. */
  private String text() throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    while (in.next() != XMLStreamConstants.END_ELEMENT) {
      if (in.isCharacters()) {
        text.append(in.getText());
      } else if (in.isStartElement()) {
        skip();
      }
    }
    return text.toString();
  }

  private void skip() throws XMLStreamException {
    for (int depth = 1; depth > 0; ) {
      depth +=
          switch (in.next()) {
            case XMLStreamConstants.START_ELEMENT -> 1;
            case XMLStreamConstants.END_ELEMENT -> -1;
            default -> 0;
          };
    }
  }
}
