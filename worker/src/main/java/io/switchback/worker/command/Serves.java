package io.switchback.worker.command;

/**
 * A command that serves until it is stopped: its log is its output. The log of the others is a
 * file.
 */
public interface Serves {}
