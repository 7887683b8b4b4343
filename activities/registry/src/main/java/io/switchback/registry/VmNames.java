package io.switchback.registry;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Names of the protected VMs. A name is unique at its production site only; {@code site/name} names
 * it where two sites use the same.
 */
final class VmNames {
  private final Map<String, List<Protected>> byName;

  private VmNames(List<Protected> all) {
    byName = all.stream().collect(Collectors.groupingBy(Protected::name));
  }

  private record Protected(String site, String name, String replicaId) {}

  /** The replica that a name means, or why it means none. */
  sealed interface Meaning {
    record Found(String replicaId) implements Meaning {}

    record Mistake(String sentence) implements Meaning {}
  }

  static VmNames read(JdbcClient jdbc) {
    return new VmNames(
        jdbc.sql(
                """
                select p.site, p.name, r.id from replica r
                join vm p on (p.site, p.id) = (r.production_site, r.production_vm)
                order by p.site, p.name
                """)
            .query(
                (row, number) ->
                    new Protected(
                        row.getString("site"), row.getString("name"), row.getString("id")))
            .list());
  }

  Meaning of(String asked) {
    List<Protected> named = named(asked);
    if (named.size() == 1) {
      return new Meaning.Found(named.getFirst().replicaId());
    }
    if (named.isEmpty()) {
      return new Meaning.Mistake(unknown(asked));
    }
    return new Meaning.Mistake(
        "VM '%s' is protected at more than one site; say which: %s"
            .formatted(
                asked,
                named.stream()
                    .map(vm -> vm.site() + "/" + vm.name())
                    .collect(Collectors.joining(", "))));
  }

  private List<Protected> named(String asked) {
    List<Protected> whole = byName.getOrDefault(asked, List.of());
    int slash = asked.indexOf('/');
    if (!whole.isEmpty() || slash < 0) {
      return whole;
    }
    String site = asked.substring(0, slash);
    return byName.getOrDefault(asked.substring(slash + 1), List.of()).stream()
        .filter(vm -> vm.site().equals(site))
        .toList();
  }

  private String unknown(String asked) {
    if (byName.isEmpty()) {
      return "VM '%s' is not protected; no VM is yet".formatted(asked);
    }
    List<String> nearest =
        NearestNames.to(asked.substring(asked.lastIndexOf('/') + 1), byName.keySet());
    return nearest.isEmpty()
        ? "VM '%s' is not protected, and no protected VM's name is like it".formatted(asked)
        : "VM '%s' is not protected; did you mean %s?"
            .formatted(
                asked,
                nearest.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", ")));
  }
}
