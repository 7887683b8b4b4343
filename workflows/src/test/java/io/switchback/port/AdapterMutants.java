package io.switchback.port;

import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Mutants of one adapter.
 *
 * @param <R> what the adapter is made over
 * @param <A> its port
 * @param <F> the suite's fixture
 */
final class AdapterMutants<R, A, F> extends Mutants<F> {
  private final Function<Function<R, A>, F> with;

  /**
   * @param with makes the fixture in which that adapter is the port's
   */
  AdapterMutants(Class<?> contract, Function<Function<R, A>, F> with) {
    super(contract);
    this.with = with;
  }

  /** A mutant, in words, and the promises that it breaks. */
  AdapterMutants<R, A, F> add(String wrong, Function<R, A> adapter, String... promises) {
    return add(wrong, () -> with.apply(adapter), promises);
  }

  @Override
  AdapterMutants<R, A, F> add(String wrong, Supplier<F> fixture, String... promises) {
    super.add(wrong, fixture, promises);
    return this;
  }
}
