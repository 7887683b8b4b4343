package io.switchback.worker.command;

import picocli.CommandLine.Option;

/** {@code --on-power}: who hears of changes of power at a lab site. */
public final class OnPowerOption {
  @Option(
      names = "--on-power",
      paramLabel = "<command>",
      defaultValue = "",
      description =
          "Run for every change of power, by a shell that adds on or off and the VM's name: on after a VM was powered on,"
              + " off before it is off. When it fails, so does the change of power, with its words. JAVA_HOME is this"
              + " program's.")
  private String command = "";

  String command() {
    return command;
  }
}
