package io.switchback.vsphere;

import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.w3c.dom.Element;

/**
 * A test fixture: VMs whose disks need consolidation, of which vcsim knows nothing. The task that
 * consolidates them is one of vcsim's that changes nothing.
 */
final class Consolidations {
  private static final String PROPERTY = "runtime.consolidationNeeded";

  private final Set<String> needed = ConcurrentHashMap.newKeySet();

  /** The VM's disks need it from now on. */
  void need(String vm) {
    needed.add(vm);
  }

  Answer consolidate(String vm, RawSoap caller) {
    try {
      String task =
          caller
              .call("ReconfigVM_Task", "VirtualMachine", vm, "<spec/>")
              .first("returnval")
              .orElseThrow();
      var _ = caller.result(task);
      needed.remove(vm);
      return Answer.of(
          "ConsolidateVMDisks_Task", "<returnval type=\"Task\">%s</returnval>".formatted(task));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says it where it was asked; whether the answer was changed. */
  boolean tell(Message call, Element about, String vm) {
    boolean isAsked =
        Message.all(call.content(), "pathSet").stream()
            .anyMatch(path -> path.getTextContent().equals(PROPERTY));
    if (!isAsked || !needed.contains(vm)) {
      return false;
    }
    Message.children(about).stream()
        .filter(each -> "propSet".equals(each.getLocalName()))
        .filter(each -> Message.text(each, "name").equals(PROPERTY))
        .forEach(about::removeChild);
    Message.insertProperty(about, PROPERTY, "xsd:boolean", "true");
    return true;
  }
}
