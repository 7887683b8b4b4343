package io.switchback.worker.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.DiskSource;
import io.switchback.delta.file.FileDiskSource;
import io.switchback.delta.trust.GrantedDisk;
import io.switchback.delta.wire.RefusedException;
import io.switchback.delta.wire.WireFault;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.model.CredentialReference;
import io.switchback.model.Fence;
import io.switchback.model.Mandate;
import io.switchback.model.VmRef;
import io.switchback.port.GrantActivities.GrantRead;
import io.switchback.port.GrantActivities.SignedGrant;
import io.switchback.worker.demo.DemoTrust;
import io.switchback.worker.local.HostPort;
import io.switchback.worker.local.Ports;
import io.switchback.worker.local.Refusal;
import io.switchback.worker.site.Credentials;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Potsdam's worker dials berlin's, each with its own settings. */
class StreamDiallerTest {
  private static final int SIZE = 1 << 20;
  private static final VmRef WEB = new VmRef("berlin", "web-01", "web-01");
  private static final GrantedDisk DISK = new GrantedDisk("berlin", "web-01", "disk-0", "cycle-7");

  @TempDir Path directory;
  private DemoTrust trust;
  private Path image;

  @BeforeEach
  void make() throws IOException {
    trust = DemoTrust.make(directory.resolve("trust"), List.of("berlin", "potsdam"));
    byte[] bytes = new byte[SIZE];
    bytes[4096] = 42;
    image = Files.write(directory.resolve("disk.img"), bytes);
  }

  @Test
  void readsADiskOverTlsUnderAGrantOfTheControlSide() throws IOException {
    try (StreamServers berlin = serve(certificates("berlin"), false)) {
      assertThat(byteAt4096(potsdam(certificates("potsdam"), false), berlin, grant(7)))
          .isEqualTo(42);
    }
  }

  @Test
  void anOlderGrantOpensNothingAnyMore() throws IOException {
    try (StreamServers berlin = serve(certificates("berlin"), false)) {
      StreamDialler potsdam = potsdam(certificates("potsdam"), false);
      byteAt4096(potsdam, berlin, grant(8));

      assertThatThrownBy(() -> byteAt4096(potsdam, berlin, grant(7)))
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.fault()).isEqualTo(WireFault.FENCED));
    }
  }

  @Test
  void readsInPlainTextWhereBothSidesAreToldSo() throws IOException {
    try (StreamServers berlin = serve(Map.of(), true)) {
      assertThat(byteAt4096(potsdam(Map.of(), true), berlin, grant(7))).isEqualTo(42);
      assertFault(
          "Start it with --certificates potsdam=<folder>",
          () -> byteAt4096(potsdam(Map.of(), false), berlin, grant(7)));
    }
  }

  @Test
  void saysThatNobodyAnswers() {
    String nobody = "127.0.0.1:" + Ports.free(0);

    assertThatThrownBy(
            () -> potsdam(Map.of(), true).open(nobody, DISK, new byte[0], "potsdam", SIZE))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nobody answers at the data address " + nobody);
  }

  @Test
  void signsNothingWithoutAKey() {
    StreamSettings none = settings(Map.of(), Map.of(), false, Optional.empty());

    assertFault("this worker has no key", () -> grants(none).grantRead(request(1)));
    StreamSettings lost =
        settings(Map.of(), Map.of(), false, Optional.of(directory.resolve("lost.key")));
    assertFault("lost.key", () -> grants(lost).grantRead(request(1)));
  }

  @Test
  void refusesADataAddressThatNobodyCanDial() {
    assertThatThrownBy(
            () ->
                settings(
                    Map.of("berlin", new HostPort("0.0.0.0", 7500)),
                    certificates("berlin"),
                    false,
                    Optional.empty()))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("cannot dial 0.0.0.0:7500");
  }

  private static void assertFault(String words, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FaultException.class,
            e -> {
              assertThat(e.fault()).isEqualTo(Fault.NOT_CONFIGURED);
              assertThat(e.sentence()).contains(words);
            });
  }

  private static int byteAt4096(StreamDialler potsdam, StreamServers berlin, SignedGrant grant)
      throws IOException {
    String address = berlin.address("berlin").orElseThrow().toString();
    byte[] presented = Base64.getDecoder().decode(grant.text());
    ByteBuffer one = ByteBuffer.allocate(1);
    try (DiskSource disk = potsdam.open(address, DISK, presented, "potsdam", SIZE)) {
      disk.read(4096, one);
    }
    return one.get(0);
  }

  private SignedGrant grant(long step) {
    return grants(settings(Map.of(), Map.of(), false, Optional.of(trust.signingKey())))
        .grantRead(request(step));
  }

  private static GrantRead request(long step) {
    Mandate mandate = new Mandate("cycle/web.1/7", "transfer", new Fence(1, 3, step, 0));
    return new GrantRead(mandate, WEB, "disk-0", "cycle-7", SIZE, "potsdam");
  }

  private StreamServers serve(Map<String, Path> certificates, boolean plain) {
    HostPort address = new HostPort("127.0.0.1", Ports.free(0));
    StreamSettings settings =
        settings(Map.of("berlin", address), certificates, plain, Optional.empty());
    return StreamServers.start(settings, trust(settings), disk -> new FileDiskSource(image));
  }

  private StreamDialler potsdam(Map<String, Path> certificates, boolean plain) {
    StreamSettings settings = settings(Map.of(), certificates, plain, Optional.empty());
    return new StreamDialler(settings, trust(settings));
  }

  private static SignedGrants grants(StreamSettings settings) {
    return new SignedGrants(trust(settings), InstantSource.system());
  }

  private static StreamTrust trust(StreamSettings settings) {
    return new StreamTrust(settings, Credentials.ofThisMachine(), InstantSource.system());
  }

  private Map<String, Path> certificates(String site) {
    return Map.of(site, trust.worker(site));
  }

  private StreamSettings settings(
      Map<String, HostPort> addresses,
      Map<String, Path> certificates,
      boolean plain,
      Optional<Path> signingKey) {
    return new StreamSettings(
        addresses,
        certificates,
        plain,
        Optional.of(trust.grantKeys()),
        signingKey.map(
            file -> new CredentialReference(CredentialReference.Source.FILE, file.toString())),
        directory.resolve("fences"));
  }
}
