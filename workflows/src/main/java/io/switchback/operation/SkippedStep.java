package io.switchback.operation;

/**
 * A step that a person left out.
 *
 * @param by who said so
 * @param reason why
 * @param consequence what is so because of it
 */
public record SkippedStep(String step, String by, String reason, String consequence) {}
