package io.switchback.worker.command;

import io.switchback.lab.DatastoreDefinition;
import io.switchback.lab.HostDefinition;
import io.switchback.lab.LabClient;
import io.switchback.lab.ResourcesView;
import io.switchback.lab.SiteResources;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code --host} and {@code --datastore}: what a lab site has room for. */
public final class LabResourceOptions {

  /** What a host has. */
  record Size(int cpus, long memoryBytes) {}

  /** Reads {@code 8:32GiB}. */
  static final class SizeOfHost implements ITypeConverter<Size> {
    @Override
    public Size convert(String text) {
      String[] parts = text.split(":", -1);
      if (parts.length != 2 || !parts[0].matches("[1-9]\\d{0,5}")) {
        throw new TypeConversionException(
            "'%s' is no host: write its CPUs and memory as 8:32GiB".formatted(text));
      }
      return new Size(Integer.parseInt(parts[0]), new SizeConverter().convert(parts[1]));
    }
  }

  @Option(
      names = "--host",
      paramLabel = "<name>=<cpus>:<memory>",
      converter = {AsIs.class, SizeOfHost.class},
      description =
          "A host, as in host-1=8:32GiB; may be repeated. The hosts named are all that the site has then.")
  private @Nullable Map<String, Size> hosts;

  @Option(
      names = "--datastore",
      paramLabel = "<name>=<size>",
      converter = {AsIs.class, SizeConverter.class},
      description =
          "A datastore, as in fast=20GiB; may be repeated. The datastores named are all that the site has then."
              + " What the layers of its VMs' disks hold counts, not their capacity.")
  private @Nullable Map<String, Long> datastores;

  @Option(
      names = "--network",
      paramLabel = "<name>",
      split = ",",
      description =
          "A network; may be repeated. Once any is named, VMs can be on these and on no others.")
  private @Nullable List<String> networks;

  @Option(
      names = "--folder",
      paramLabel = "<name>",
      split = ",",
      description =
          "A folder; may be repeated. Once any is named, VMs can be in these and in no others.")
  private @Nullable List<String> folders;

  /** The key of a map. */
  static final class AsIs implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      return text;
    }
  }

  boolean areGiven() {
    return hosts != null || datastores != null || networks != null || folders != null;
  }

  /** Gives the site what was named; of what was not, it keeps what it has. */
  void applyTo(LabClient site) {
    if (areGiven()) {
      var _ = site.changeResources(over(site.resources()));
    }
  }

  private SiteResources over(ResourcesView now) {
    List<HostDefinition> newHosts =
        hosts == null
            ? now.hosts().stream()
                .map(one -> new HostDefinition(one.name(), one.cpus(), one.memoryBytes()))
                .toList()
            : hosts.entrySet().stream()
                .map(
                    one ->
                        new HostDefinition(
                            one.getKey(), one.getValue().cpus(), one.getValue().memoryBytes()))
                .toList();
    List<DatastoreDefinition> newDatastores =
        datastores == null
            ? now.datastores().stream()
                .filter(one -> one.capacityBytes() > 0)
                .map(one -> new DatastoreDefinition(one.name(), one.capacityBytes()))
                .toList()
            : datastores.entrySet().stream()
                .map(one -> new DatastoreDefinition(one.getKey(), one.getValue()))
                .toList();
    return new SiteResources(
        newHosts,
        newDatastores,
        networks == null ? now.networks() : networks,
        folders == null ? now.folders() : folders);
  }
}
