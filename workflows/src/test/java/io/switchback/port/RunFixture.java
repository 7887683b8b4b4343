package io.switchback.port;

/** A Temporal for {@link RunContract}, empty at first. */
public interface RunFixture extends AutoCloseable {
  /** The adapter under test. */
  RunActivities runs();

  /** Starts a run of that workflow id, which goes on until it is terminated; answers its run id. */
  String start(String workflowId);

  /** Terminates the run. */
  void terminate(String workflowId);

  @Override
  void close();
}
