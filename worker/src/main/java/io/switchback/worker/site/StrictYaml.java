package io.switchback.worker.site;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML document read strictly: unknown and repeated keys are mistakes, and so is everything of
 * another kind than asked for. Mistakes are gathered, each with line and column.
 */
final class StrictYaml {
  private final List<Mistake> mistakes = new ArrayList<>();

  /** Lines and columns count from 1; both are 0 where the place is not known. */
  private record Mistake(int line, int column, String sentence) {
    static Mistake at(Optional<Mark> mark, String sentence) {
      return mark.map(at -> new Mistake(at.getLine() + 1, at.getColumn() + 1, sentence))
          .orElse(new Mistake(0, 0, sentence));
    }

    @Override
    public String toString() {
      return (line == 0 ? "" : "line %d, column %d: ".formatted(line, column)) + sentence;
    }
  }

  /** Answers the document; null when it is none, which is a mistake, or empty. */
  @Nullable Node compose(String text) {
    try {
      Optional<Node> root = new Compose(LoadSettings.builder().build()).composeString(text);
      if (root.isEmpty()) {
        mistakes.add(new Mistake(0, 0, "it is empty"));
      }
      return root.orElse(null);
    } catch (MarkedYamlEngineException malformed) {
      mistakes.add(
          Mistake.at(
              malformed.getProblemMark(),
              "it is not YAML: " + String.valueOf(malformed.getProblem()).replaceAll("\\s+", " ")));
      return null;
    } catch (YamlEngineException malformed) {
      mistakes.add(new Mistake(0, 0, "it is not YAML: " + malformed.getMessage()));
      return null;
    }
  }

  /** Every mistake so far, from the first line to the last. */
  List<String> mistakes() {
    return mistakes.stream()
        .sorted(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column))
        .map(Mistake::toString)
        .toList();
  }

  void mistake(@Nullable Node at, String sentence) {
    mistakes.add(Mistake.at(at == null ? Optional.empty() : at.getStartMark(), sentence));
  }

  /** The fields of an object; empty when it is none, which is a mistake. */
  Map<String, Node> object(Node node, String what, Set<String> known) {
    return entries(
        node,
        what,
        name ->
            known.contains(name)
                ? ""
                : "'%s' is unknown; known are %s"
                    .formatted(name, String.join(", ", new TreeSet<>(known))));
  }

  /** The entries of an object with any keys. */
  Map<String, Node> object(Node node, String what) {
    return entries(node, what, name -> "");
  }

  private Map<String, Node> entries(Node node, String what, UnaryOperator<String> objection) {
    Map<String, Node> entries = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      mistake(node, what + " must be fields with values");
      return entries;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Node at = tuple.getKeyNode();
      String name = at instanceof ScalarNode key ? key.getValue() : "";
      if (name.isEmpty()) {
        mistake(at, what + " has a key that is no word");
      } else if (!objection.apply(name).isEmpty()) {
        mistake(at, objection.apply(name));
      } else if (entries.putIfAbsent(name, tuple.getValueNode()) != null) {
        mistake(at, "'%s' is there twice".formatted(name));
      }
    }
    return entries;
  }

  /** The items of a list; empty when it is absent, or none, which is a mistake. */
  List<Node> list(@Nullable Node node, String what) {
    if (node == null) {
      return List.of();
    }
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    mistake(node, what + " must be a list");
    return List.of();
  }

  /** A text; null when it is absent, or none, which is a mistake. */
  @Nullable String text(@Nullable Node node, String what) {
    if (node == null) {
      return null;
    }
    if (node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)) {
      return scalar.getValue();
    }
    mistake(node, what + " must be text");
    return null;
  }

  /** A whole number; null when it is absent, or none, which is a mistake. */
  @Nullable Integer number(@Nullable Node node, String what) {
    if (node == null) {
      return null;
    }
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      try {
        return Integer.valueOf(scalar.getValue());
      } catch (NumberFormatException tooLarge) {
        // Told below.
      }
    }
    mistake(node, what + " must be a whole number");
    return null;
  }

  /** What {@code make} makes; null when it refuses, which is a mistake at {@code node}. */
  <T> @Nullable T made(Node node, Supplier<T> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException refused) {
      mistake(node, String.valueOf(refused.getMessage()));
      return null;
    }
  }
}
