package io.switchback.vsphere.soap;

import com.vmware.vim25.DynamicData;
import com.vmware.vim25.ManagedObjectReference;
import com.vmware.vim25.ws.Argument;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a call as a SOAP envelope. */
final class RequestWriter {
  private static final String HEAD =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
          + "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\""
          + " xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\""
          + " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body>";
  private static final String TAIL = "</soapenv:Body></soapenv:Envelope>";

  private final StringBuilder out = new StringBuilder(512);

  private RequestWriter() {}

  /**
   * The envelope of a call.
   *
   * @throws IllegalArgumentException when something in it cannot be written, or would say less than
   *     the server once said
   */
  static String write(String namespace, String method, Argument[] arguments) {
    RequestWriter writer = new RequestWriter();
    writer.out.append(HEAD).append('<').append(method).append(" xmlns=\"").append(namespace);
    writer.out.append("\">");
    for (Argument argument : arguments) {
      String type = argument.getType();
      writer.all(
          argument.getName(),
          type.endsWith("[]") ? type.substring(0, type.length() - 2) : type,
          argument.getValue());
    }
    return writer.out.append("</").append(method).append('>').append(TAIL).toString();
  }

  private void all(String name, String declared, @Nullable Object value) {
    if (value == null) {
      return;
    }
    if (value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        all(name, declared, Array.get(value, i));
      }
      return;
    }
    one(name, declared, value);
  }

  private void one(String name, String declared, Object value) {
    out.append('<').append(name);
    if (value instanceof ManagedObjectReference reference) {
      if (!declared.equals("ManagedObjectReference")) {
        attribute("xsi:type", "ManagedObjectReference");
      }
      attribute("type", reference.type);
      text(reference.val);
    } else if (SimpleValues.isSimple(value.getClass()) || SimpleValues.schemaType(value) != null) {
      if (declared.equals("Object")) {
        String schema = SimpleValues.schemaType(value);
        attribute("xsi:type", schema == null ? value.getClass().getSimpleName() : schema);
      }
      text(SimpleValues.write(value));
    } else {
      data(declared, value);
    }
    out.append("</").append(name).append('>');
  }

  private void data(String declared, Object value) {
    DataTypes.Shape shape = DataTypes.shape(value.getClass());
    if (!shape.type().getSimpleName().equals(declared)) {
      attribute("xsi:type", shape.type().getSimpleName());
    }
    refuseWhatWasReadAsItsAncestor(value);
    out.append('>');
    for (Map.Entry<String, Field> entry : shape.fields().entrySet()) {
      Class<?> type = entry.getValue().getType();
      Class<?> element = type.isArray() ? type.getComponentType() : type;
      all(entry.getKey(), element.getSimpleName(), get(entry.getValue(), value));
    }
  }

  // Sent back it would change the object to its ancestor, and what is not known of it would go.
  private static void refuseWhatWasReadAsItsAncestor(Object value) {
    if (value instanceof DynamicData data && isNewer(data)) {
      throw new IllegalArgumentException(
          "a %s was read as %s and cannot be sent"
              .formatted(data.dynamicType, value.getClass().getSimpleName()));
    }
  }

  @SuppressWarnings("NullAway") // a field that is null nearly always
  private static boolean isNewer(DynamicData data) {
    return data.dynamicType != null;
  }

  private static @Nullable Object get(Field field, Object of) {
    try {
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private void attribute(String name, String value) {
    out.append(' ').append(name).append("=\"");
    escape(value);
    out.append('"');
  }

  private void text(String value) {
    out.append('>');
    escape(value);
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); ) {
      int c = value.codePointAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\r', '\n', '\t' -> out.append("&#").append(c).append(';');
        default -> {
          if (c < 0x20 || (c >= 0xD800 && c <= 0xDFFF) || c == 0xFFFE || c == 0xFFFF) {
            throw new IllegalArgumentException(
                "the character U+%04X cannot be written as XML".formatted(c));
          }
          out.appendCodePoint(c);
        }
      }
      i += Character.charCount(c);
    }
  }
}
