package io.switchback.vsphere;

import io.switchback.vsphere.soap.SoapServer.Answer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Refuses a reconfiguration that was made from another version of the VM's configuration than it
 * has now, as vCenter does and vcsim does not. One at a time for each VM, each with the end of its
 * task: a slow task is a slow call here.
 */
final class ChangeVersions {
  private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

  /** Answers for vCenter, or lets the call through. */
  Optional<Answer> refuse(Message call, RawSoap caller, Supplier<Optional<Answer>> forward) {
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
        return Optional.of(
            Answer.fault(
                "ConcurrentAccess",
                "The object or item referred to was changed by another user.",
                ""));
      }
      Optional<Answer> answer = forward.get();
      answer
          .map(each -> Message.parse(each.body()))
          .filter(each -> !each.isFault())
          .flatMap(each -> each.first("returnval"))
          .ifPresent(caller::result);
      return answer;
    } finally {
      lock.unlock();
    }
  }
}
