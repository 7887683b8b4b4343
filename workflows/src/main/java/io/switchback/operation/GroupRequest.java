package io.switchback.operation;

import io.switchback.fault.FaultException;
import io.switchback.model.Mistakes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The input that defines a group.
 *
 * @param vms names of its VMs, all at one production site; empty ends the group
 * @param by who asks
 */
public record GroupRequest(String group, List<String> vms, String by) {
  private static final Set<String> FIELDS = Set.of("group", "vms", "by");

  public GroupRequest {
    vms = List.copyOf(vms);
  }

  /**
   * Reads an input.
   *
   * @throws FaultException INVALID_INPUT that lists every mistake
   */
  public static GroupRequest read(@Nullable JsonNode input) {
    Mistakes mistakes = new Mistakes();
    if (input == null || !input.isObject()) {
      throw OperationRequest.invalid(
          List.of("the input must be an object like {\"group\":\"erp\",\"vms\":[\"app-01\"]}"));
    }
    Input.unknownFields(input, FIELDS, "", mistakes);
    String group = Input.text(input, "", "group", "", mistakes);
    mistakes.required(group, "group");
    List<String> vms = new ArrayList<>();
    JsonNode named = input.path("vms");
    mistakes.unless(named.isArray(), "vms must be a list of names; an empty one ends the group");
    for (JsonNode vm : named) {
      mistakes.unless(vm.isString(), "vms[" + vms.size() + "] must be a name");
      vms.add(vm.isString() ? vm.asString() : "");
    }
    GroupRequest request =
        new GroupRequest(group, vms, Input.text(input, "", "by", "not named", mistakes));
    if (!mistakes.found().isEmpty()) {
      throw OperationRequest.invalid(mistakes.found());
    }
    return request;
  }
}
