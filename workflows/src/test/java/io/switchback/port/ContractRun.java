package io.switchback.port;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a contract suite inside a test and tells which promises were not kept. */
final class ContractRun implements TestExecutionListener {
  private final Set<String> kept = new TreeSet<>();
  private final Set<String> broken = new TreeSet<>();

  private ContractRun() {}

  /** Runs the whole suite. */
  static ContractRun of(Class<?> suite) {
    return of(selectClass(suite));
  }

  /** Runs the test of one promise. */
  static ContractRun of(Class<?> suite, String promise) {
    return of(selectMethod(suite, promise));
  }

  /** The promises of a suite: the names of its tests. */
  static Set<String> promises(Class<?> contract) {
    return Arrays.stream(contract.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Test.class))
        .map(java.lang.reflect.Method::getName)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static ContractRun of(DiscoverySelector selector) {
    ContractRun run = new ContractRun();
    LauncherFactory.create()
        .execute(LauncherDiscoveryRequestBuilder.request().selectors(selector).build(), run);
    return run;
  }

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(source -> ((MethodSource) source).getMethodName())
        .ifPresent(
            promise -> {
              switch (result.getStatus()) {
                case SUCCESSFUL -> kept.add(promise);
                case FAILED, ABORTED -> broken.add(promise);
              }
            });
  }

  Set<String> kept() {
    return kept;
  }

  /** Promises whose test failed, or could not be tried. */
  Set<String> broken() {
    return broken;
  }
}
