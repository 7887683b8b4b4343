package io.switchback.delta;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a contract suite inside a test and tells which promises were not kept. */
final class ContractRun implements TestExecutionListener {
  private final Set<String> kept = new TreeSet<>();
  private final Set<String> broken = new TreeSet<>();

  private ContractRun() {}

  static ContractRun of(Class<?> suite) {
    ContractRun run = new ContractRun();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(suite)).build();
    LauncherFactory.create().execute(request, run);
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
