package io.switchback.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a guest in a process of its own asks of its host. */
final class GuestCalls {
  private final Calls calls;
  private final LabSite site;

  private GuestCalls(Calls calls, LabSite site) {
    this.calls = calls;
    this.site = site;
  }

  static void addTo(Calls calls, LabSite site) {
    new GuestCalls(calls, site).add();
  }

  private void add() {
    calls.add(
        "guestRead",
        RemoteGuestHost.Call.class,
        request -> {
          ByteBuffer target = ByteBuffer.allocate(request.lengthBytes());
          String disk = Objects.requireNonNull(request.disk());
          host(request).read(disk, request.offsetBytes(), target);
          return new RemoteGuestHost.Bytes(Map.of(disk, target.array()));
        });
    calls.add(
        "guestFollows",
        RemoteGuestHost.Call.class,
        request ->
            new RemoteGuestHost.Flushed(
                host(request).flushedBy(Objects.requireNonNull(request.word()))));
    addGuest(
        "guestWrite",
        request -> {
          String disk = Objects.requireNonNull(request.disk());
          byte[] bytes = Objects.requireNonNull(bytes(request).get(disk));
          host(request).write(disk, request.offsetBytes(), bytes);
        });
    addGuest(
        "guestRecord",
        request ->
            host(request).writeRecord(request.number(), request.offsetBytes(), bytes(request)));
    addGuest("guestFlush", request -> host(request).flush(request.number()));
    addGuest(
        "guestBooted",
        request ->
            host(request)
                .booted(
                    request.number(),
                    Objects.requireNonNull(request.service()),
                    List.of(Objects.requireNonNull(request.word()).split(","))));
    addGuest(
        "guestHalted", request -> host(request).halted(Objects.requireNonNull(request.word())));
  }

  /** A guest's call without an answer. */
  private interface GuestCall {
    void make(RemoteGuestHost.Call request) throws IOException;
  }

  private void addGuest(String name, GuestCall call) {
    calls.add(
        name,
        RemoteGuestHost.Call.class,
        request -> {
          try {
            call.make(request);
            return Calls.DONE;
          } catch (GuestGoneException e) {
            throw new LabException(LabFault.GUEST_GONE, String.valueOf(e.getMessage()), e);
          }
        });
  }

  private GuestHost host(RemoteGuestHost.Call request) {
    return site.find(request.vm()).guest().hostOf(request.boot());
  }

  private static Map<String, byte[]> bytes(RemoteGuestHost.Call request) {
    return Objects.requireNonNull(request.bytes());
  }
}
