package io.switchback.lab;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The hypervisor as a guest in another process reaches it. */
final class RemoteGuestHost implements GuestHost {

  /** A guest's call, with what applies filled in. */
  record Call(
      String vm,
      String boot,
      @Nullable String disk,
      long number,
      long offsetBytes,
      int lengthBytes,
      @Nullable Map<String, byte[]> bytes,
      @Nullable URI service,
      @Nullable String word) {}

  /** What a read answers, as a map so that it is a JSON object. */
  record Bytes(Map<String, byte[]> bytes) {}

  /** How far another guest has flushed. */
  record Flushed(long record) {}

  private final GuestMain.Order order;
  private final LabClient client;

  RemoteGuestHost(GuestMain.Order order, LabClient client) {
    this.order = order;
    this.client = client;
  }

  @Override
  public List<DiskDefinition> disks() {
    return order.disks();
  }

  @Override
  public long flushedBy(String vm) throws IOException {
    return call("guestFollows", null, 0, 0, 0, null, null, vm, Flushed.class).record();
  }

  @Override
  public void read(String disk, long offsetBytes, ByteBuffer target) throws IOException {
    Bytes answer =
        call("guestRead", disk, 0, offsetBytes, target.remaining(), null, null, null, Bytes.class);
    target.put(answer.bytes().getOrDefault(disk, new byte[0]));
  }

  @Override
  public void write(String disk, long offsetBytes, byte[] bytes) throws IOException {
    done("guestWrite", disk, 0, offsetBytes, Map.of(disk, bytes), null, null);
  }

  @Override
  public void writeRecord(long number, long offsetBytes, Map<String, byte[]> byDisk)
      throws IOException {
    done("guestRecord", null, number, offsetBytes, byDisk, null, null);
  }

  @Override
  public void flush(long through) throws IOException {
    done("guestFlush", null, through, 0, null, null, null);
  }

  @Override
  public void booted(long lastRecord, URI service, List<String> disks) throws IOException {
    done("guestBooted", null, lastRecord, 0, null, service, String.join(",", disks));
  }

  @Override
  public void halted(String word) throws IOException {
    done("guestHalted", null, 0, 0, null, null, word);
  }

  private void done(
      String name,
      @Nullable String disk,
      long number,
      long offsetBytes,
      @Nullable Map<String, byte[]> bytes,
      @Nullable URI service,
      @Nullable String word)
      throws IOException {
    var _ = call(name, disk, number, offsetBytes, 0, bytes, service, word, Requests.Done.class);
  }

  private <T> T call(
      String name,
      @Nullable String disk,
      long number,
      long offsetBytes,
      int lengthBytes,
      @Nullable Map<String, byte[]> bytes,
      @Nullable URI service,
      @Nullable String word,
      Class<T> answer)
      throws IOException {
    String boot = order.boot().toString();
    try {
      return client.call(
          name,
          new Call(
              order.vmId(), boot, disk, number, offsetBytes, lengthBytes, bytes, service, word),
          answer);
    } catch (LabException e) {
      if (e.is(LabFault.GUEST_GONE) || e.is(LabFault.UNREACHABLE)) {
        GuestGoneException gone = new GuestGoneException(boot);
        gone.initCause(e);
        throw gone;
      }
      if (e.is(LabFault.DATASTORE_FULL)) {
        throw e;
      }
      throw new IOException(e);
    }
  }
}
