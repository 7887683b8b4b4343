package io.switchback.model;

/**
 * Something that is not as Switchback left it.
 *
 * @param subject what it is about, where there may be several: a restore point's id; else empty
 * @param sentence what was seen and what can be done, for people
 */
public record Drift(DriftKind kind, String subject, String sentence) {
  public Drift {
    subject = subject == null ? "" : subject;
    new Mistakes()
        .unless(kind != null, "kind is missing")
        .required(sentence, "sentence")
        .refuse("drift");
  }
}
