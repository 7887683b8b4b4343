package io.switchback.vsphere;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * A SOAP message as a tree, for the test's front: the product reads messages by code of its own.
 */
final class Message {
  private static final String SCHEMA = "http://www.w3.org/2001/XMLSchema-instance";

  private final Document document;

  private Message(Document document) {
    this.document = document;
  }

  static Message parse(String text) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      return new Message(
          factory.newDocumentBuilder().parse(new InputSource(new StringReader(text))));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalArgumentException("no SOAP message: " + text, e);
    }
  }

  /** What the message is about: a call, an answer or a fault. */
  Element content() {
    Element body = all(document.getDocumentElement(), "Body").getFirst();
    return children(body).getFirst();
  }

  /** The method called, as in {@code PowerOnVM_Task}. */
  String method() {
    return content().getLocalName();
  }

  boolean isFault() {
    return method().equals("Fault");
  }

  /** The id of the object called. */
  String self() {
    return child(content(), "_this").map(Node::getTextContent).orElse("");
  }

  /** The text of the first element of such a name, wherever it is. */
  Optional<String> first(String name) {
    return all(content(), name).stream().findFirst().map(Node::getTextContent);
  }

  /** Every element of such a name below another one. */
  static List<Element> all(Element in, String name) {
    List<Element> found = new ArrayList<>();
    var nodes = in.getElementsByTagNameNS("*", name);
    for (int i = 0; i < nodes.getLength(); i++) {
      found.add((Element) nodes.item(i));
    }
    return found;
  }

  static List<Element> children(Element of) {
    List<Element> found = new ArrayList<>();
    for (Node node = of.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        found.add(element);
      }
    }
    return found;
  }

  static Optional<Element> child(Element of, String name) {
    return children(of).stream().filter(each -> name.equals(each.getLocalName())).findFirst();
  }

  /** The text of a child that must be there. */
  static String text(Element of, String name) {
    return child(of, name)
        .orElseThrow(() -> new IllegalStateException("there is no " + name))
        .getTextContent();
  }

  /** The type that an element says it has, as in {@code VirtualDisk}. */
  static String type(Element element) {
    String said = element.getAttributeNS(SCHEMA, "type");
    return said.substring(said.indexOf(':') + 1);
  }

  static void setType(Element element, String type) {
    element.setAttributeNS(SCHEMA, "xsi:type", type);
  }

  /** Puts a new child before the first of those that must come after it. */
  static void insert(Element into, String name, String text, List<String> before) {
    Element made = into.getOwnerDocument().createElementNS(into.getNamespaceURI(), name);
    made.setTextContent(text);
    Node next =
        children(into).stream()
            .filter(each -> before.contains(each.getLocalName()))
            .findFirst()
            .orElse(null);
    into.insertBefore(made, next);
  }

  /** Adds a property to what is told of an object. */
  static void insertProperty(Element about, String name, String type, String text) {
    String namespace = about.getNamespaceURI();
    Document document = about.getOwnerDocument();
    Element property = document.createElementNS(namespace, "propSet");
    Element named = document.createElementNS(namespace, "name");
    named.setTextContent(name);
    Element value = document.createElementNS(namespace, "val");
    value.setAttributeNS(SCHEMA, "xsi:type", type);
    value.setTextContent(text);
    property.appendChild(named);
    property.appendChild(value);
    about.insertBefore(property, child(about, "missingSet").orElse(null));
  }

  String write() {
    try {
      StringWriter text = new StringWriter();
      TransformerFactory.newInstance()
          .newTransformer()
          .transform(new DOMSource(document), new StreamResult(text));
      return text.toString();
    } catch (TransformerException e) {
      throw new IllegalStateException(e);
    }
  }
}
