package io.switchback.worker.run;

/**
 * A step that a run takes for each VM.
 *
 * @param name as the run's status, journals and the audit name it
 * @param words what it does, for people
 */
public record OperationStep(String name, String words) {}
