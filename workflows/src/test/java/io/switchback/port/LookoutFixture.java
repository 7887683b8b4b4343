package io.switchback.port;

/** Loops of rules for {@link LookoutContract}. Each test opens one of its own. */
public interface LookoutFixture extends AutoCloseable {
  /** The adapter under test. */
  LookoutActivities lookout();

  /** A loop of the rule runs. */
  void start(String ruleId);

  /** The rule's loop has come to its end. */
  void end(String ruleId);

  /** How often a loop of the rule was started, by whomever. */
  int started(String ruleId);

  /** How often the rule's loops were told to look, once all that was sent has arrived. */
  int looks(String ruleId);

  @Override
  void close();
}
