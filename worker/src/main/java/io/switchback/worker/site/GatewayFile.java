package io.switchback.worker.site;

import io.switchback.appliance.gateway.Endpoint;
import io.switchback.appliance.gateway.GatewaySettings;
import io.switchback.worker.local.ExitCode;
import io.switchback.worker.local.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A cloud gateway as its provider writes it into a YAML file.
 *
 * @param certificates folder with what the gateway shows, and by which it judges tenants
 */
public record GatewayFile(GatewaySettings settings, Path certificates) {
  private static final Set<String> ROOT =
      Set.of("listen", "certificates", "tenants", "connections", "user");
  private static final String USER_OF_THE_PACKAGE = "haproxy";

  /**
   * Reads a file. Relative paths in it start where it is.
   *
   * @throws Refusal with every mistake, each with line and column
   */
  public static GatewayFile read(Path file) {
    try {
      return parse(Files.readString(file), file);
    } catch (IOException unreadable) {
      throw new Refusal(
          ExitCode.USAGE,
          "Could not read '%s': %s."
              .formatted(
                  file,
                  unreadable instanceof NoSuchFileException
                      ? "there is no such file"
                      : unreadable.getMessage()),
          unreadable);
    }
  }

  static GatewayFile parse(String text, Path file) {
    StrictYaml yaml = new StrictYaml();
    Node root = yaml.compose(text);
    GatewayFile read = root == null ? null : gateway(yaml, root, file);
    List<String> mistakes = yaml.mistakes();
    if (read == null || !mistakes.isEmpty()) {
      throw Refusal.usage(
          "Nothing was changed, because '%s' has %s:%n  - %s"
              .formatted(
                  file,
                  mistakes.size() == 1 ? "a mistake" : mistakes.size() + " mistakes",
                  String.join(System.lineSeparator() + "  - ", mistakes)));
    }
    return read;
  }

  private static @Nullable GatewayFile gateway(StrictYaml yaml, Node root, Path file) {
    Map<String, Node> fields = yaml.object(root, "the file", ROOT);
    for (String needed : List.of("listen", "certificates", "tenants")) {
      if (!fields.containsKey(needed)) {
        yaml.mistake(root, "it has no " + needed);
      }
    }
    Endpoint listen = endpoint(yaml, fields.get("listen"), "listen");
    String certificates = yaml.text(fields.get("certificates"), "certificates");
    SortedMap<String, Endpoint> tenants = new TreeMap<>();
    Node given = fields.get("tenants");
    if (given != null) {
      yaml.object(given, "tenants")
          .forEach(
              (tenant, node) -> {
                Endpoint appliance = endpoint(yaml, node, "tenant '" + tenant + "'");
                if (appliance != null) {
                  tenants.put(tenant, appliance);
                }
              });
    }
    Integer connections = yaml.number(fields.get("connections"), "connections");
    String user = yaml.text(fields.get("user"), "user");
    if (listen == null || certificates == null) {
      return null;
    }
    return yaml.made(
        root,
        () ->
            new GatewayFile(
                new GatewaySettings(
                    listen,
                    tenants,
                    connections == null ? GatewaySettings.USUAL_CONNECTIONS : connections,
                    Optional.ofNullable(user).or(GatewayFile::usualUser)),
                file.toAbsolutePath().resolveSibling(certificates)));
  }

  private static @Nullable Endpoint endpoint(StrictYaml yaml, @Nullable Node node, String what) {
    String text = yaml.text(node, what);
    return node == null || text == null ? null : yaml.made(node, () -> Endpoint.parse(text));
  }

  /** Only root can become somebody else. */
  private static Optional<String> usualUser() {
    return "root".equals(System.getProperty("user.name"))
        ? Optional.of(USER_OF_THE_PACKAGE)
        : Optional.empty();
  }
}
