package io.switchback.model;

import java.time.Duration;

/** GET {@code url} answers {@code status}. */
public record HttpCheck(String url, int status, Duration limit) implements Check {
  public HttpCheck {
    limit = limit == null ? Duration.ofMinutes(2) : limit;
    new Mistakes()
        .required(url, "url")
        .unless(status >= 100 && status < 600, "status must be an HTTP status")
        .refuse("HTTP check");
  }
}
