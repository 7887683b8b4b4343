package io.switchback.vsphere;

import io.switchback.vsphere.soap.Endpoint;
import io.switchback.vsphere.soap.Trust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;

/**
 * A simulated vCenter in a process of its own: one site. Its VMs are {@code vm-0}, {@code vm-1} …;
 * those of two sites have equal uuids unless told otherwise, while their vCenters' differ and are
 * the same at each start.
 */
public final class Vcsim implements AutoCloseable {
  private static final String USER = "switchback@vsphere.local";

  private final LineProcess process;
  private final String site;
  private final String password;
  private final Path certificate;
  private final JsonNode ready;

  private Vcsim(String site, List<String> flags) {
    this.site = site;
    this.password = UUID.randomUUID().toString();
    List<String> command = new ArrayList<>();
    command.add(Tools.vcsim().toString());
    command.addAll(List.of("-user", USER, "-instance-uuid", instanceUuid(site)));
    command.addAll(flags);
    ProcessBuilder program = new ProcessBuilder(command);
    program.environment().put("VCSIM_PASSWORD", password);
    try {
      this.process = new LineProcess("vcsim of " + site, program);
      this.ready = process.next();
      this.certificate = Files.createTempFile("vcsim-", ".pem");
      Files.writeString(certificate, ready.get("certificate").asString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts one and waits until it answers.
   *
   * @param flags of {@code docker/lab/vcsim}, as in {@code "-disks", "2"}
   */
  public static Vcsim start(String site, String... flags) {
    return new Vcsim(site, List.of(flags));
  }

  /** What a site's vCenter always has. */
  public static String instanceUuid(String site) {
    return UUID.nameUUIDFromBytes(site.getBytes(StandardCharsets.UTF_8)).toString();
  }

  String site() {
    return site;
  }

  /** Where its API is. */
  public URI address() {
    return URI.create(ready.get("url").asString());
  }

  /** Its API, trusted by the certificate that it made. */
  Endpoint endpoint() {
    return Endpoint.of(address(), new Trust.Authorities(certificate));
  }

  /** Believes that certificate and no other; without TLS there is nothing to believe. */
  SSLContext tls() {
    boolean isPlain = address().getScheme().equals("http");
    try {
      return (isPlain ? new Trust.Known() : new Trust.Authorities(certificate)).context();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As a worker would be told of it. */
  VCenterSettings settings() {
    return VCenterSettings.of(site, endpoint(), this::login);
  }

  public Login login() {
    return new Login(USER, password);
  }

  /** The PEM file of the certificate that it shows. */
  public Path certificate() {
    return certificate;
  }

  /** The folder of a datastore, where its files are real. */
  Path datastore(String name) {
    return Path.of(ready.get("datastores").get(name).asString());
  }

  /** The folders of all datastores. */
  List<Path> datastores() {
    return ready.get("datastores").valueStream().map(each -> Path.of(each.asString())).toList();
  }

  /** The file behind a datastore path such as {@code [LocalDS_0] vm-0/disk-0.vmdk}. */
  Path file(String datastorePath) {
    int end = datastorePath.indexOf("] ");
    return datastore(datastorePath.substring(1, end)).resolve(datastorePath.substring(end + 2));
  }

  @Override
  public void close() {
    process.close();
    try {
      Files.deleteIfExists(certificate);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
