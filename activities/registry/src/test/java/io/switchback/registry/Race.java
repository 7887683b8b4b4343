package io.switchback.registry;

import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Lets calls race each other. */
final class Race {
  private Race() {}

  /** Begins all calls at the same moment and answers what each of them answered, in their order. */
  static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
    CyclicBarrier start = new CyclicBarrier(calls.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> call : calls) {
        futures.add(
            threads.submit(
                () -> {
                  start.await();
                  return call.call();
                }));
      }
      List<T> answers = new ArrayList<>();
      for (Future<T> future : futures) {
        answers.add(future.get());
      }
      return answers;
    }
  }

  /** The fault that the call ends with; null when it succeeds. */
  static @Nullable Fault faultOf(Runnable call) {
    try {
      call.run();
      return null;
    } catch (FaultException fault) {
      return fault.fault();
    }
  }
}
