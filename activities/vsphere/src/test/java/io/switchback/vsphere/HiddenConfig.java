package io.switchback.vsphere;

import io.switchback.vsphere.soap.SoapServer.Answer;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * A test fixture: a VM whose configuration vCenter cannot read, because its host or datastore is
 * away. Its properties are missing, and no fault says why; name and uuid vCenter remembers.
 */
final class HiddenConfig {
  private HiddenConfig() {}

  /** From now on, as far as anybody is told by the front. */
  static void of(String vm, Front front) {
    front.answer("RetrievePropertiesEx", asked -> hidden(vm, front.pass(asked)));
  }

  private static Answer hidden(String vm, Answer real) {
    Message answer = Message.parse(real.body());
    for (Element object : Message.all(answer.content(), "obj")) {
      Element about = (Element) object.getParentNode();
      if (vm.equals(object.getTextContent())) {
        Message.children(about).stream()
            .filter(property -> isOfConfig(Message.child(property, "name")))
            .forEach(about::removeChild);
      }
    }
    return new Answer(real.status(), real.headers(), answer.write());
  }

  private static boolean isOfConfig(Optional<Element> name) {
    return name.isPresent() && name.get().getTextContent().startsWith("config.");
  }
}
