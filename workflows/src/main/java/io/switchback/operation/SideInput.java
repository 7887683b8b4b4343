package io.switchback.operation;

import io.switchback.model.Mistakes;
import io.switchback.model.VmSide;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Which of a replica's two VMs is meant, where an input says it. */
public final class SideInput implements OwnInput {
  @Override
  public Set<String> fields() {
    return Set.of("side");
  }

  @Override
  public Read read(JsonNode input, Mistakes mistakes) {
    String word = Input.text(input, "", "side", "", mistakes);
    mistakes.unless(
        word.isEmpty() || VmSide.named(word).isPresent(),
        "side must be \"production\" or \"recovery\", or left out");
    VmSide side = VmSide.named(word).orElse(null);
    return request -> new SideOfReplicaRequest(request, side);
  }
}
