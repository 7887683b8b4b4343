package io.switchback.delta;

/** Watches a transfer, and may end it. */
@FunctionalInterface
public interface TransferObserver {
  /** Watches nothing. */
  TransferObserver NONE = progress -> {};

  /**
   * Called on the thread that called {@link Transfer#run}, a few times per second, also while
   * nothing moves. Whatever it throws ends the transfer between two batches and comes out of {@link
   * Transfer#run}.
   */
  void progressed(TransferProgress progress);
}
