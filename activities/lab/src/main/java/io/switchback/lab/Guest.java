package io.switchback.lab;

import java.net.URI;

/** A program that runs inside a VM, from power-on to power-off. */
interface Guest {
  void start();

  /** Tells the host's side of the guest where the guest serves, once it has booted. */
  default void serves(URI address) {}

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
