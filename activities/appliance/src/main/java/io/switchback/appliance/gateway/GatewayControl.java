package io.switchback.appliance.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Talks to a running gateway through its control socket. Behind it are the process that takes new
 * connections and, after a reload, older ones that still hold theirs.
 */
final class GatewayControl {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Path socket;

  GatewayControl(Path socket) {
    this.socket = socket;
  }

  /**
   * The processes that hold connections.
   *
   * @param current takes new ones
   * @param older take none any more
   */
  record Processes(long current, List<Long> older) {
    List<Long> all() {
      List<Long> all = new ArrayList<>(older);
      all.add(current);
      return all;
    }
  }

  /**
   * A tenant's server, as a process has it.
   *
   * @param appliance where it is connected to
   * @param isReady whether it may be connected to
   */
  record Server(Endpoint appliance, boolean isReady) {}

  /** Who has a connection: a tenant, by a certificate. */
  record Holder(String tenant, String serial) {}

  /** Whether there is a gateway to talk to. */
  boolean isListening() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException none) {
      return false;
    }
  }

  /**
   * The processes of the gateway.
   *
   * @throws IOException if none runs
   */
  Processes processes() throws IOException {
    List<Long> current = new ArrayList<>();
    List<Long> older = new ArrayList<>();
    boolean isOld = false;
    for (String line : ask("show proc").lines().toList()) {
      if (line.startsWith("#")) {
        isOld = line.startsWith("# old workers");
        continue;
      }
      String[] cells = line.strip().split("\\s+");
      if (cells.length > 1 && cells[1].equals("worker")) {
        (isOld ? older : current).add(Long.parseLong(cells[0]));
      }
    }
    if (current.isEmpty()) {
      throw new IOException("it has no process that takes connections");
    }
    return new Processes(current.getFirst(), List.copyOf(older));
  }

  /** What the process was started with, see {@link GatewayConfiguration#description}. */
  String description(long process) throws IOException {
    return ask(process, "show info")
        .lines()
        .filter(line -> line.startsWith("description: "))
        .map(line -> line.substring("description: ".length()).strip())
        .findFirst()
        .orElse("");
  }

  /** The servers of a process by their names. */
  Map<String, Server> servers(long process) throws IOException {
    Map<String, Server> servers = new HashMap<>();
    List<String> head = List.of();
    for (String line :
        ask(process, "show servers state " + GatewayConfiguration.BACKEND).lines().toList()) {
      List<String> cells = List.of(line.strip().split("\\s+"));
      if (line.startsWith("# ")) {
        head = cells.subList(1, cells.size());
      } else if (!head.isEmpty() && cells.size() >= head.size()) {
        String address = cells.get(head.indexOf("srv_addr"));
        servers.put(
            cells.get(head.indexOf("srv_name")),
            new Server(
                Endpoint.parse(
                    "%s:%s"
                        .formatted(
                            address.contains(":") ? "[" + address + "]" : address,
                            cells.get(head.indexOf("srv_port")))),
                cells.get(head.indexOf("srv_admin_state")).equals("0")));
      }
    }
    return servers;
  }

  /** Who has open connections in a process. */
  List<Holder> holders(long process) throws IOException {
    List<Holder> holders = new ArrayList<>();
    for (String line :
        ask(process, "show table " + GatewayConfiguration.OPEN + " data.conn_cur gt 0")
            .lines()
            .toList()) {
      int key = line.indexOf(" key=");
      if (key >= 0) {
        String[] parts = line.substring(key + " key=".length()).split("\\s", 2)[0].split("/", -1);
        holders.add(new Holder(parts[0], parts[1]));
      }
    }
    return holders;
  }

  /**
   * Cuts all connections of a tenant. If it has none, does nothing.
   *
   * @return how many it cut
   */
  int cut(long process, String tenant) throws IOException {
    // Cutting by the server's name would be refused by a process that takes no new connections.
    String mark = " be=%s srv=%s ".formatted(GatewayConfiguration.BACKEND, tenant);
    int cut = 0;
    for (String line : ask(process, "show sess").lines().toList()) {
      int colon = line.indexOf(": ");
      if (colon > 0 && line.contains(mark)) {
        String answer = ask(process, "shutdown session " + line.substring(0, colon));
        // One that has ended by itself in the meantime is as good as cut.
        if (!answer.isBlank() && !answer.contains("No such session")) {
          throw new IOException("it answered to 'shutdown session': " + answer.strip());
        }
        cut++;
      }
    }
    return cut;
  }

  /** Lets a tenant's connections through to {@code appliance}, from now on. */
  void add(long process, String tenant, Endpoint appliance) throws IOException {
    String answer =
        ask(
            process,
            "add server %s/%s"
                .formatted(
                    GatewayConfiguration.BACKEND, GatewayConfiguration.server(tenant, appliance)));
    if (!answer.contains("New server registered")) {
      throw new IOException("it answered to 'add server': " + answer);
    }
    enable(process, tenant);
  }

  void move(long process, String tenant, Endpoint appliance) throws IOException {
    // Answers what it changed, or that it is so already.
    String answer =
        ask(
            process,
            "set server %s/%s addr %s port %d"
                .formatted(
                    GatewayConfiguration.BACKEND,
                    tenant,
                    appliance.address().getHostAddress(),
                    appliance.port()));
    if (!answer.contains("changed from") && !answer.contains("no need to change")) {
      throw new IOException("it answered to 'set server': " + answer);
    }
  }

  void enable(long process, String tenant) throws IOException {
    command(process, "enable server %s/%s".formatted(GatewayConfiguration.BACKEND, tenant));
  }

  void disable(long process, String tenant) throws IOException {
    command(process, "disable server %s/%s".formatted(GatewayConfiguration.BACKEND, tenant));
  }

  /**
   * Has another process started from the configuration; those that are open stay where they are.
   */
  void reload() throws IOException {
    var _ = ask("reload");
  }

  /** A command that answers nothing when it is done. */
  private void command(long process, String command) throws IOException {
    String answer = ask(process, command);
    if (!answer.isBlank()) {
      throw new IOException("it answered to '%s': %s".formatted(command, answer.strip()));
    }
  }

  private String ask(long process, String command) throws IOException {
    return ask("@!%d %s".formatted(process, command));
  }

  private String ask(String command) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // A gateway that hangs must not hang whoever asks.
      CompletableFuture<Void> watch =
          CompletableFuture.runAsync(
              () -> close(channel),
              CompletableFuture.delayedExecutor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
        // It would wait for more. To close this end at once would cut off answers that take their
        // time.
        ByteBuffer question = UTF_8.encode(command + "\nquit\n");
        while (question.hasRemaining()) {
          channel.write(question);
        }
        InputStream answer = Channels.newInputStream(channel);
        return new String(answer.readAllBytes(), UTF_8);
      } finally {
        watch.cancel(false);
      }
    }
  }

  private static void close(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException late) {
      // Whoever reads from it is told.
    }
  }
}
