package io.switchback.vsphere;

import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.w3c.dom.Element;

/**
 * A test fixture: tasks that fail as a test says. Each is one of vcsim's that fails because the VM
 * has that power already; what it failed with is told differently.
 */
final class FailedTasks {
  private final Map<String, Deed.Fail> tasks = new ConcurrentHashMap<>();

  /** Answers a call on a VM with a task that fails. */
  Answer start(String method, String vm, Deed.Fail as, RawSoap caller) {
    boolean isOn =
        caller
            .property("VirtualMachine", vm, "runtime.powerState")
            .filter("poweredOn"::equals)
            .isPresent();
    try {
      String task =
          caller
              .call(isOn ? "PowerOnVM_Task" : "PowerOffVM_Task", "VirtualMachine", vm, "")
              .first("returnval")
              .orElseThrow();
      var _ = caller.result(task);
      tasks.put(task, as);
      return Answer.of(method, "<returnval type=\"Task\">%s</returnval>".formatted(task));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Says what they failed with, where an answer tells of them; whether it was changed. */
  boolean tell(Message answer) {
    boolean isChanged = false;
    for (Element object : Message.all(answer.content(), "obj")) {
      Deed.Fail as = tasks.get(object.getTextContent());
      if (as != null) {
        for (Element error : Message.all((Element) object.getParentNode(), "error")) {
          tell(error, as);
          isChanged = true;
        }
      }
    }
    return isChanged;
  }

  private static void tell(Element error, Deed.Fail as) {
    Element fault = Message.child(error, "fault").orElseThrow();
    Message.children(fault).forEach(fault::removeChild);
    Message.setType(fault, as.fault());
    Optional<Element> said = Message.child(error, "localizedMessage");
    said.ifPresent(error::removeChild);
    Message.insert(error, "localizedMessage", as.said(), List.of());
  }
}
