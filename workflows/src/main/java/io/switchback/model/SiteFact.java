package io.switchback.model;

/**
 * Something that was seen at a site, for people.
 *
 * @param what as in {@code datastores}
 * @param value as in {@code fast 120 GiB free of 2048 GiB}
 */
public record SiteFact(String what, String value) {
  public SiteFact {
    new Mistakes().required(what, "what").required(value, "value").refuse("fact");
  }
}
