package io.switchback.registry;

import io.switchback.model.Mistakes;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Where the registry is and how patient its clients are. Every field but the first three may be
 * absent; the default then holds.
 *
 * @param url of the database, {@code jdbc:postgresql://host:port/name}
 * @param connections kept at most by this process; 10
 * @param connectLimit until a connection must stand; 3 s
 * @param statementLimit until a statement must be answered, waits for locks included; 5 s. A
 *     database that is silent for twice as long counts as gone
 */
public record RegistrySettings(
    String url,
    String user,
    String password,
    Integer connections,
    Duration connectLimit,
    Duration statementLimit) {
  /** Of the client's key, for one; the database's own is not kept in the URL. */
  private static final Pattern SECRET = Pattern.compile("(?i)([?&][a-z]*password=)[^&]*");

  public RegistrySettings {
    password = password == null ? "" : password;
    connections = connections == null ? 10 : connections;
    connectLimit = connectLimit == null ? Duration.ofSeconds(3) : connectLimit;
    statementLimit = statementLimit == null ? Duration.ofSeconds(5) : statementLimit;
    new Mistakes()
        .required(url, "url")
        .unless(
            url == null || url.startsWith("jdbc:postgresql:"),
            "url must begin with jdbc:postgresql:")
        .required(user, "user")
        .unless(connections >= 1, "connections must be at least 1")
        .unless(connectLimit.toMillis() >= 250, "connectLimit must be at least 250 ms")
        .unless(statementLimit.toMillis() >= 1000, "statementLimit must be at least 1 s")
        .refuse("registry settings");
  }

  /** Every default. */
  @SuppressWarnings("NullAway") // absent fields are null on their way to the constructor
  public static RegistrySettings of(String url, String user, String password) {
    return new RegistrySettings(url, user, password, null, null, null);
  }

  /** The URL for people: what the driver is given in it as a secret is left out. */
  public String shownUrl() {
    return SECRET.matcher(url).replaceAll("$1…");
  }

  @Override
  public String toString() {
    return "registry " + shownUrl() + " as " + user;
  }
}
