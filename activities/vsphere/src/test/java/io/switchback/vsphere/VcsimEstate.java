package io.switchback.vsphere;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A simulated vCenter for all tests of a class, with its judge. Each test takes VMs that nobody has
 * touched.
 */
final class VcsimEstate implements Judged, AutoCloseable {
  private final Vcsim vcsim;
  private final Judge judge;
  private final AtomicInteger taken = new AtomicInteger();

  /**
   * Starts one.
   *
   * @param flags of {@code docker/lab/vcsim}
   */
  VcsimEstate(String... flags) {
    this(flags, "berlin");
  }

  private VcsimEstate(String[] flags, String site) {
    String[] plain = java.util.Arrays.copyOf(flags, flags.length + 1);
    plain[flags.length] = "-plain";
    vcsim = Vcsim.start(site, plain);
    judge = Judge.of(vcsim);
  }

  /** One without VMs. */
  static VcsimEstate empty(String... flags) {
    return new VcsimEstate(
        Stream.concat(Stream.of("-vms", "0"), Stream.of(flags)).toArray(String[]::new));
  }

  /** The same at another site. */
  static VcsimEstate at(String site, String... flags) {
    return new VcsimEstate(flags, site);
  }

  @Override
  public VcsimEstate estate() {
    return this;
  }

  Vcsim vcsim() {
    return vcsim;
  }

  Judge judge() {
    return judge;
  }

  /** The name of a VM that no test has had. */
  String nextVm() {
    return "vm-" + taken.getAndIncrement();
  }

  @Override
  public void close() {
    judge.close();
    vcsim.close();
  }
}
