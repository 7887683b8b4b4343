package io.switchback.vsphere;

import io.switchback.vsphere.soap.SoapServer.Answer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Refuses a reconfiguration that was made from another version of the VM's configuration than it
 * has now, as vCenter does and vcsim does not. One at a time for each VM, each with the end of its
 * task: a slow task is a slow call here.
 */
final class ChangeVersions {
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /** The call on its way to vCenter. */
  interface Forward {
    Answer call() throws IOException;
  }

  /** Answers for vCenter, or lets the call through. */
  Answer refuse(Message call, RawSoap caller, Forward forward) throws IOException {
    ReentrantLock lock = locks.computeIfAbsent(call.self(), _ -> new ReentrantLock());
    lock.lock();
    try {
      Optional<String> from =
          Message.child(call.content(), "spec")
              .flatMap(spec -> Message.child(spec, "changeVersion"))
              .map(org.w3c.dom.Node::getTextContent)
              .filter(said -> !said.isEmpty());
      if (from.isPresent()
          && !from.equals(caller.property("VirtualMachine", call.self(), "config.changeVersion"))) {
        return Answer.fault(
            "ConcurrentAccess", "The object or item referred to was changed by another user.", "");
      }
      Answer answer = forward.call();
      Message said = Message.parse(answer.body());
      if (!said.isFault()) {
        said.first("returnval").ifPresent(caller::result);
      }
      return answer;
    } finally {
      lock.unlock();
    }
  }
}
