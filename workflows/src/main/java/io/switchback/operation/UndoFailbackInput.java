package io.switchback.operation;

import io.switchback.model.Mistakes;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What an undo of a failback reads beside what every operation takes: {@code removeVm}, whether a
 * VM that the failback has made is removed.
 */
public final class UndoFailbackInput implements OwnInput {
  private static final String REMOVE_VM = "removeVm";

  /** Whether an input asks for the removal. */
  public static boolean removesVm(JsonNode input) {
    return input.path(REMOVE_VM).asBoolean(false);
  }

  @Override
  public Set<String> fields() {
    return Set.of(REMOVE_VM);
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    mistakes.unless(
        !input.has(REMOVE_VM) || input.path(REMOVE_VM).isBoolean(),
        "removeVm must be true or false");
    return request -> new UndoFailbackRequest(request, removesVm(input));
  }
}
