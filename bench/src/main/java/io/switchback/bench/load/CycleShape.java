package io.switchback.bench.load;

import java.util.List;

/**
 * The activities of one cycle, in their order, and the timer until the next.
 *
 * @param timerMillis of the timer that is started after the cycle; 0 when there is none
 * @param events that the cycle and the pause after it have left in the history
 */
record CycleShape(List<Step> steps, long timerMillis, int events) {
  CycleShape {
    steps = List.copyOf(steps);
  }

  /** An activity, with the size of what goes in and of what comes out. */
  record Step(String type, String queue, int inputBytes, int resultBytes) {}
}
