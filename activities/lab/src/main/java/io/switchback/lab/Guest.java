package io.switchback.lab;

/** A program that runs inside a VM, from power-on to power-off. */
interface Guest {
  void start();

  /**
   * Lets the guest finish and flush its current record and hold still until {@link #thaw}.
   *
   * @return false when it could not, because it is still booting or already gone; then there is
   *     nothing to thaw
   */
  boolean quiesce();

  void thaw();

  /**
   * Asks for an orderly end: everything flushed, then silence.
   *
   * @return false when the guest cannot be asked
   */
  boolean shutDown();

  /** Ends the guest as a loss of power does. */
  void kill();
}
