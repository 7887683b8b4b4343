package io.switchback.vsphere;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * A test fixture: puts a VM's {@code extraConfig} back to what it was when a snapshot was taken, as
 * vSphere does at a revert with the whole configuration, and vcsim does with none of it. A clone
 * inherits it, but for what was said of the clone itself, and the firmware.
 */
final class RestoredConfig {
  private RestoredConfig() {}

  static void restore(String vm, String snapshot, RawSoap caller) {
    Map<String, String> wanted = settings("VirtualMachineSnapshot", snapshot, caller);
    settings("VirtualMachine", vm, caller).keySet().forEach(key -> wanted.putIfAbsent(key, ""));
    set(vm, wanted, "", caller);
  }

  /**
   * @param spec of the clone
   */
  static void inherit(
      String clone, String source, Optional<String> snapshot, Element spec, RawSoap caller) {
    Map<String, String> inherited =
        snapshot.isPresent()
            ? settings("VirtualMachineSnapshot", snapshot.get(), caller)
            : settings("VirtualMachine", source, caller);
    Message.child(spec, "config").stream()
        .flatMap(config -> Message.all(config, "extraConfig").stream())
        .forEach(said -> inherited.remove(Message.text(said, "key")));
    String firmware = caller.property("VirtualMachine", source, "config.firmware").orElse("bios");
    set(clone, inherited, "<firmware>%s</firmware>".formatted(firmware), caller);
  }

  private static void set(String vm, Map<String, String> wanted, String more, RawSoap caller) {
    StringBuilder spec = new StringBuilder("<spec>");
    wanted.forEach(
        (key, value) ->
            spec.append(
                "<extraConfig><key>%s</key><value xsi:type=\"xsd:string\">%s</value></extraConfig>"
                    .formatted(escaped(key), escaped(value))));
    try {
      Message task =
          caller.call(
              "ReconfigVM_Task",
              "VirtualMachine",
              vm,
              spec.append(more).append("</spec>").toString());
      var _ = task.first("returnval").flatMap(caller::result);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> settings(String type, String object, RawSoap caller) {
    Map<String, String> settings = new LinkedHashMap<>();
    for (Element option :
        Message.all(
            caller.properties(type, object, "config.extraConfig").content(), "OptionValue")) {
      settings.put(Message.text(option, "key"), Message.text(option, "value"));
    }
    return settings;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
