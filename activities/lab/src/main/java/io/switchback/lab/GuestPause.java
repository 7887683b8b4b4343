package io.switchback.lab;

/** A guest that holds still between two of its records, or one that was not asked to. */
interface GuestPause extends AutoCloseable {
  GuestPause NONE =
      new GuestPause() {
        @Override
        public boolean isHeld() {
          return false;
        }

        @Override
        public void close() {}
      };

  /** Whether the guest still holds still, everything it wrote being flushed. */
  boolean isHeld();

  /** Lets the guest go on. */
  @Override
  void close();
}
