package io.switchback.worker.site;

import io.switchback.model.FullSiteSettings;
import io.switchback.model.FullSiteSettings.Protocol;
import io.switchback.model.FullSiteSettings.Published;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads {@code fullSite} of a site: how its appliance is a gateway. */
@SuppressWarnings("NullAway") // absent fields are null on their way to the records' constructors
final class FullSiteReading {
  private static final Set<String> FIELDS = Set.of("uplink", "gateway", "sources", "publish");
  private static final Set<String> PUBLISHED =
      Set.of("protocol", "address", "port", "replica", "replicaPort");

  private final StrictYaml yaml;

  FullSiteReading(StrictYaml yaml) {
    this.yaml = yaml;
  }

  @Nullable FullSiteSettings read(@Nullable Node node) {
    if (node == null) {
      return null;
    }
    Map<String, Node> fields = yaml.object(node, "fullSite", FIELDS);
    String uplink = yaml.text(fields.get("uplink"), "uplink");
    String gateway = yaml.text(fields.get("gateway"), "gateway");
    Map<String, String> sources = new LinkedHashMap<>();
    if (fields.containsKey("sources")) {
      yaml.object(fields.get("sources"), "sources")
          .forEach(
              (network, address) -> {
                String text = yaml.text(address, "the public address of '" + network + "'");
                if (text != null) {
                  sources.put(network, text);
                }
              });
    }
    List<Published> publish = new ArrayList<>();
    for (Node one : yaml.list(fields.get("publish"), "publish")) {
      Published published = published(one);
      if (published != null) {
        publish.add(published);
      }
    }
    return yaml.made(node, () -> new FullSiteSettings(uplink, gateway, sources, publish));
  }

  private @Nullable Published published(Node node) {
    Map<String, Node> fields = yaml.object(node, "a published port", PUBLISHED);
    Protocol protocol = protocol(fields.get("protocol"));
    String address = yaml.text(fields.get("address"), "address");
    Integer port = yaml.number(fields.get("port"), "port");
    String replica = yaml.text(fields.get("replica"), "replica");
    Integer replicaPort = yaml.number(fields.get("replicaPort"), "replicaPort");
    return yaml.made(
        node,
        () ->
            new Published(
                protocol,
                address,
                port == null ? 0 : port,
                replica,
                replicaPort == null ? 0 : replicaPort));
  }

  private @Nullable Protocol protocol(@Nullable Node node) {
    String text = yaml.text(node, "protocol");
    if (text == null) {
      return null;
    }
    for (Protocol protocol : Protocol.values()) {
      if (protocol.name().toLowerCase(Locale.ROOT).equals(text)) {
        return protocol;
      }
    }
    yaml.mistake(
        node,
        "protocol '%s' is unknown; known are %s"
            .formatted(text, Arrays.toString(Protocol.values()).toLowerCase(Locale.ROOT)));
    return null;
  }
}
