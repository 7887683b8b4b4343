package io.switchback.worker.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.switchback.registry.RegistrySettings;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes user and password out of a JDBC URL, so that the URL can stand in messages and logs without
 * them.
 */
public final class RegistryLogin {
  private static final String USER = "user=";
  private static final String PASSWORD = "password=";

  private RegistryLogin() {}

  /**
   * The settings that {@code jdbcUrl} means; a user that it does not name is the one of this
   * process.
   *
   * @throws Refusal if it is not one of PostgreSQL
   */
  public static RegistrySettings of(String jdbcUrl) {
    String user = System.getProperty("user.name", "postgres");
    String password = "";
    int question = jdbcUrl.indexOf('?');
    List<String> others = new ArrayList<>();
    for (String pair : question < 0 ? new String[0] : jdbcUrl.substring(question + 1).split("&")) {
      if (pair.startsWith(USER)) {
        user = URLDecoder.decode(pair.substring(USER.length()), UTF_8);
      } else if (pair.startsWith(PASSWORD)) {
        password = URLDecoder.decode(pair.substring(PASSWORD.length()), UTF_8);
      } else {
        others.add(pair);
      }
    }
    String plain = question < 0 ? jdbcUrl : jdbcUrl.substring(0, question);
    if (!plain.startsWith("jdbc:postgresql:")) {
      throw Refusal.usage(
          "The registry's address must be a JDBC URL of PostgreSQL, for example jdbc:postgresql://db.example:5432/switchback?user=switchback.");
    }
    return RegistrySettings.of(
        others.isEmpty() ? plain : plain + "?" + String.join("&", others), user, password);
  }
}
