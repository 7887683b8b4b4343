package io.switchback.vsphere.soap;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads {@code vimServiceVersions.xml}, in which a server tells which versions it speaks. */
final class OfferedVersions {
  private OfferedVersions() {}

  /** The versions of one API, the newest first. */
  static List<String> read(InputStream xml, String namespace) throws XMLStreamException {
    XMLStreamReader in = AnswerReader.open(xml);
    List<String> versions = new ArrayList<>();
    boolean isOurs = false;
    while (in.hasNext()) {
      if (in.next() != XMLStreamConstants.START_ELEMENT) {
        continue;
      }
      if (in.getLocalName().equals("name")) {
        isOurs = in.getElementText().strip().equals(namespace);
      } else if (in.getLocalName().equals("version") && isOurs) {
        versions.add(in.getElementText().strip());
      }
    }
    if (versions.isEmpty()) {
      throw new XMLStreamException("it names no version of " + namespace);
    }
    return List.copyOf(versions);
  }
}
