package io.switchback.appliance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A file that a host of the network lab serves over HTTP, with the JDK's own server. */
final class LabTransfer implements AutoCloseable {
  static final int PORT = 8000;

  private final NetworkLab lab;
  private final String server;
  private final String address;
  private final String process;

  /**
   * Starts it.
   *
   * @param folder in which the file is made; of this transfer alone
   */
  LabTransfer(NetworkLab lab, String server, String address, Path folder, int bytes) {
    this.lab = lab;
    this.server = server;
    this.address = address;
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    try {
      Files.createDirectories(folder);
      Files.write(folder.resolve("file"), content);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    process =
        lab.in(
                server,
                """
                '%s/bin/jwebserver' -b %s -p %d -d '%s' >/dev/null 2>&1 </dev/null &
                pid=$!
                until ss -ltnH sport = :%3$d | grep -q .; do kill -0 $pid || exit 1; sleep 0.05; done
                echo $pid
                """
                    .formatted(System.getProperty("java.home"), address, PORT, folder))
            .strip();
  }

  /** How many of its bytes arrived, whole or not, before {@code limitSeconds} were over. */
  int fetch(String client, int limitSeconds) {
    return fetch(client, limitSeconds, address, PORT);
  }

  /** The same, asked for at another address that leads to it. */
  int fetch(String client, int limitSeconds, String at, int port) {
    String arrived =
        lab.in(
            client,
            """
            timeout %d bash -c 'exec 3<>/dev/tcp/%s/%d
            printf "GET /file HTTP/1.0\\r\\n\\r\\n" >&3
            sed "1,/^\\r$/d" <&3' 2>/dev/null | wc -c
            """
                .formatted(limitSeconds, at, port));
    return Integer.parseInt(arrived.strip());
  }

  /** What the client's end of a connection to it says of itself. */
  String connectionFrom(String client) {
    return lab.in(
        client, "bash -c 'exec 3<>/dev/tcp/%s/%d; ss -tinH dst %1$s'".formatted(address, PORT));
  }

  @Override
  public void close() {
    lab.in(server, "kill " + process);
  }
}
