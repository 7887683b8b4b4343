package io.switchback.port;

/**
 * Answer of a step that makes one thing so.
 *
 * @param changed whether this attempt changed it; false when it was so already
 * @param attempt of the activity that answers, from 1
 */
public record Done(boolean changed, int attempt) {}
