package io.switchback.lab;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * A guest as a program: reads its order from the first line of standard input and ends when that
 * input ends.
 */
final class GuestMain {

  /** What the guest is to be. */
  record Order(
      URI daemon,
      String token,
      String vmId,
      String vmName,
      UUID boot,
      GuestDefinition guest,
      List<DiskDefinition> disks) {
    Order {
      disks = List.copyOf(disks);
    }

    @Override
    public String toString() {
      return "Order[vm=%s, boot=%s]".formatted(vmName, boot);
    }
  }

  private GuestMain() {}

  public static void main(String[] arguments) throws IOException {
    Order order = Json.read(readLine(), Order.class);
    Thread.ofPlatform().daemon(false).start(GuestMain::endWithInput);
    try (LabClient client = LabClient.at(order.daemon(), order::token)) {
      new GuestProgram(
              order.vmName(), order.boot(), order.guest(), new RemoteGuestHost(order, client))
          .run();
    }
  }

  private static byte[] readLine() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = System.in.read(); c >= 0 && c != '\n'; c = System.in.read()) {
      line.append((char) c);
    }
    // The order is ASCII but for names, which Jackson has read as UTF-8 bytes.
    return line.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void endWithInput() {
    try {
      while (System.in.read() >= 0) {}
    } catch (IOException e) {
      // A broken pipe ends the guest as its end does.
    }
    Runtime.getRuntime().halt(0);
  }
}
