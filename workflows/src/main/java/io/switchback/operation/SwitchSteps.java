package io.switchback.operation;

import static io.switchback.lifecycle.ReplicaState.FAILBACK;

import java.time.Duration;
import java.time.Instant;

/** The switch from a replica to the VM that its data go back to, as every failback has it. */
final class SwitchSteps {
  private final ReplicaOperation replica;
  private final FailbackTarget target;
  private final Synchronisation sync;

  SwitchSteps(ReplicaOperation replica, FailbackTarget target, Synchronisation sync) {
    this.replica = replica;
    this.target = target;
    this.sync = sync;
  }

  /**
   * Stops the replica and lets the target serve.
   *
   * @param sentBytes while the replica served
   */
  void run(long sentBytes) {
    Instant begun = RunClock.now();
    replica.undo(replica.vm()::leaveStarting);
    replica.undo(replica.vm()::powerOn);
    replica.vm().powerOff(); //                          4
    long last = sync.ofStopped(); //                     5, 6
    sync.complete(); //                                  8  no way back from here but an undo
    replica.moveTo(FAILBACK); //                         7
    replica.networks().leaveExtension();
    target.plugIn();
    if (target.failback().powerOn()) {
      target.powerOn(); //                               9
    }
    replica
        .result()
        .failback(
            new FailbackFigures(
                target.failback().target(),
                sentBytes,
                last,
                Duration.between(begun, RunClock.now())));
    sync.tidy();
  }
}
