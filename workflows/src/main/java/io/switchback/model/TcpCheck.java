package io.switchback.model;

import java.time.Duration;

/** {@code address}, {@code host:port}, accepts a connection. */
public record TcpCheck(String address, Duration limit) implements Check {
  public TcpCheck {
    limit = limit == null ? Duration.ofMinutes(2) : limit;
    new Mistakes().required(address, "address").refuse("TCP check");
  }
}
