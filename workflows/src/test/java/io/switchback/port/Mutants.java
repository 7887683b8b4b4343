package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Adapters that break a promise each, to see that a contract suite notices at that promise.
 *
 * @param <F> the suite's fixture
 */
class Mutants<F> {
  private final Class<?> contract;
  private final List<Mutant<F>> mutants = new ArrayList<>();

  Mutants(Class<?> contract) {
    this.contract = contract;
  }

  private record Mutant<F>(String wrong, Supplier<F> fixture, List<String> promises) {}

  /** A mutant, in words, and the promises that it breaks. */
  Mutants<F> add(String wrong, Supplier<F> fixture, String... promises) {
    mutants.add(new Mutant<>(wrong, fixture, List.of(promises)));
    return this;
  }

  /**
   * One test per mutant and broken promise, and one that every promise is broken by somebody.
   *
   * @param suite a subclass of the contract that opens whatever {@code fixture} was last given
   */
  Stream<DynamicTest> tests(Class<?> suite, java.util.function.Consumer<Supplier<F>> fixture) {
    return Stream.concat(
        Stream.of(dynamicTest("every promise has its mutant", this::everyPromiseHasItsMutant)),
        mutants.stream()
            .flatMap(
                mutant ->
                    mutant.promises().stream()
                        .map(
                            promise ->
                                dynamicTest(
                                    promise + ": " + mutant.wrong(),
                                    () -> {
                                      fixture.accept(mutant.fixture());
                                      assertCaught(suite, promise);
                                    }))));
  }

  private static void assertCaught(Class<?> suite, String promise) {
    assertThat(ContractRun.of(suite, promise).broken()).containsExactly(promise);
  }

  private void everyPromiseHasItsMutant() {
    Set<String> promises = ContractRun.promises(contract);
    Set<String> mutated = new TreeSet<>();
    mutants.forEach(mutant -> mutated.addAll(mutant.promises()));
    assertThat(promises).isNotEmpty();
    assertThat(mutated).isEqualTo(promises);
  }
}
