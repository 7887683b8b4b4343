package io.switchback.vsphere;

import io.switchback.delta.Requires;
import io.switchback.model.PowerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a vCenter holds, as VMware's own Python client sees it: nothing of it is shared with the
 * product. {@code docker/lab/judge/judge.py} is its other half.
 */
final class Judge implements AutoCloseable {
  private final LineProcess process;

  private Judge(LineProcess process) {
    this.process = process;
  }

  /** Logs in to the vCenter, past every front. */
  static Judge of(Vcsim vcsim) {
    ProcessBuilder program =
        new ProcessBuilder(
            Requires.tool("python3").toString(), Tools.lab().resolve("judge/judge.py").toString());
    program.environment().put("PYTHONPATH", Tools.judge().toString());
    program.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    try {
      LineProcess process = new LineProcess("judge of " + vcsim.site(), program);
      Judge judge = new Judge(process);
      judge.answer(
          process.ask(
              Map.of(
                  "host", vcsim.address().getHost(),
                  "port", vcsim.address().getPort(),
                  "user", vcsim.login().user(),
                  "password", vcsim.login().password(),
                  "certificate", Files.readString(vcsim.certificate()))));
      return judge;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A VM as it is now. */
  record Vm(
      String reference,
      String name,
      String uuid,
      String instanceUuid,
      String changeVersion,
      boolean changeTracking,
      String path,
      String power,
      String host,
      String tools,
      boolean consolidationNeeded,
      String notes,
      String guest,
      Map<String, String> extraConfig) {}

  /**
   * What matters of a VM, in order: names of snapshots, capacities of disks and networks of cards
   * ascending.
   */
  record Summary(
      String name,
      String id,
      PowerState power,
      int cpus,
      long memoryMib,
      List<String> snapshots,
      List<Long> diskBytes,
      List<String> networks) {}

  /** A virtual device; what its kind does not have is null. */
  record Device(
      int key,
      String kind,
      @Nullable String label,
      @Nullable Integer controller,
      @Nullable Integer unit,
      @Nullable Long capacityBytes,
      @Nullable String file,
      @Nullable String uuid,
      @Nullable String mode,
      @Nullable String changeId,
      @Nullable String parent,
      @Nullable String mac,
      @Nullable Boolean connected,
      @Nullable Boolean startConnected,
      @Nullable String network,
      @Nullable String portGroup) {}

  /** A snapshot. */
  record Snapshot(
      String reference,
      String name,
      String description,
      @Nullable String parent,
      boolean current,
      boolean quiesced,
      String createTime,
      List<Device> disks) {}

  record Network(String name, String kind) {}

  /** A standard switch of a host. */
  record Switch(String name, List<String> uplinks) {}

  /** A task that ran, such as {@code VirtualMachine.createSnapshotEx} of {@code vm-39}. */
  record Task(String kind, @Nullable String entity, String entityName, String state) {}

  record Session(String key, String user) {}

  /** The names of all VMs, one for each that is registered. */
  List<String> vms() {
    return ask("vms", Map.of(), new TypeReference<>() {});
  }

  /** Every VM, by name. */
  List<Summary> census() {
    return ask("census", Map.of(), new TypeReference<>() {});
  }

  Vm vm(String name) {
    return ask("vm", Map.of("vm", name), new TypeReference<>() {});
  }

  List<Device> devices(String vm) {
    return ask("devices", Map.of("vm", vm), new TypeReference<>() {});
  }

  /** The VM's disks, in the order of their keys. */
  List<Device> disks(String vm) {
    return devices(vm).stream().filter(device -> device.kind().equals("VirtualDisk")).toList();
  }

  /** Every snapshot, parents before their children. */
  List<Snapshot> snapshots(String vm) {
    return ask("snapshots", Map.of("vm", vm), new TypeReference<>() {});
  }

  List<Network> networks() {
    return ask("networks", Map.of(), new TypeReference<>() {});
  }

  /** The standard switch that a host's network is on. */
  Switch switchOf(String host, String network) {
    return ask("switch", Map.of("host", host, "network", network), new TypeReference<>() {});
  }

  /** A custom attribute of the VM; empty when it has none of that name. */
  String attribute(String vm, String name) {
    return ask("attribute", Map.of("vm", vm, "name", name), new TypeReference<>() {});
  }

  /** How many tasks of such a kind ran, well or not. */
  long tasks(String kind) {
    return tasks().stream().filter(task -> task.kind().equals(kind)).count();
  }

  List<Task> tasks() {
    return ask("tasks", Map.of(), new TypeReference<>() {});
  }

  /** How many tasks of such a kind ran, once none of them runs any more. */
  long tasksEnded(String kind) {
    tell("await_tasks", Map.of("kind", kind));
    return tasks(kind);
  }

  /** The sessions besides the judge's own. */
  List<Session> sessions() {
    return ask("sessions", Map.of(), new TypeReference<>() {});
  }

  /** Changes the VM's power, as a person with vCenter's own client does. */
  void power(String vm, boolean on) {
    tell("power", Map.of("vm", vm, "on", on));
  }

  /** Suspends the VM, which runs. */
  void suspend(String vm) {
    tell("suspend", Map.of("vm", vm));
  }

  /** Unplugs the VM's cards. */
  void unplug(String vm) {
    tell("unplug", Map.of("vm", vm));
  }

  /** Writes an option of the VM. */
  void setExtraConfig(String vm, String key, String value) {
    tell("set_extra_config", Map.of("vm", vm, "key", key, "value", value));
  }

  /** Takes the VM out of the inventory. */
  void unregister(String vm) {
    tell("unregister", Map.of("vm", vm));
  }

  /** Ends every session but the judge's own. */
  void endSessions() {
    tell("end_sessions", Map.of());
  }

  private void tell(String name, Map<String, ?> of) {
    answer(process.ask(question(name, of)));
  }

  private <T> T ask(String name, Map<String, ?> of, TypeReference<T> as) {
    return JsonMapper.shared().convertValue(answer(process.ask(question(name, of))), as);
  }

  private static Map<String, Object> question(String name, Map<String, ?> of) {
    Map<String, Object> question = new LinkedHashMap<>(of);
    question.put("ask", name);
    return question;
  }

  private JsonNode answer(JsonNode said) {
    JsonNode error = said.get("error");
    if (error != null) {
      throw new AssertionError("the judge could not answer: " + error.asString());
    }
    return said.get("answer");
  }

  @Override
  public void close() {
    process.close();
  }
}
