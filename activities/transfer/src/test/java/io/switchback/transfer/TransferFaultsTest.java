package io.switchback.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.ByteRange;
import io.switchback.delta.CapacityMismatchException;
import io.switchback.delta.ChangesUnknownException;
import io.switchback.delta.DiskFullException;
import io.switchback.delta.DiskInUseException;
import io.switchback.delta.DiskShrankException;
import io.switchback.delta.FencedException;
import io.switchback.delta.ProofMismatchException;
import io.switchback.delta.Transfer;
import io.switchback.delta.UnreadableDiskException;
import io.switchback.delta.trust.GrantRefusedException;
import io.switchback.delta.trust.PeerRefusedException;
import io.switchback.delta.trust.TrustException;
import io.switchback.delta.undo.DamagedUndoLogException;
import io.switchback.delta.wire.ProtocolException;
import io.switchback.delta.wire.RefusedException;
import io.switchback.delta.wire.WireFault;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransferFaultsTest {
  private static final ByteRange SECTOR = new ByteRange(512, 512);

  record Row(IOException failure, Fault fault) {}

  private static IOException eio() {
    return new IOException("Input/output error");
  }

  static List<Row> table() {
    return List.of(
        new Row(new FencedException("disk 'd' refused."), Fault.FENCED),
        new Row(new DiskFullException("no space left."), Fault.DATASTORE_FULL),
        new Row(new DiskInUseException("It is in use. Close it, then retry."), Fault.DISK_IN_USE),
        new Row(new DiskShrankException("d", 2, 1), Fault.SHAPE_CHANGED),
        new Row(new UnreadableDiskException("d", SECTOR, eio()), Fault.DISK_UNREADABLE),
        new Row(new CapacityMismatchException(1, 2), Fault.SHAPE_CHANGED),
        new Row(new ProofMismatchException(SECTOR, 1), Fault.PROOF_FAILED),
        new Row(new DamagedUndoLogException("u", "torn"), Fault.RESTORE_POINT_DAMAGED),
        new Row(new ChangesUnknownException("Nobody knows. Compare."), Fault.SITE_UNREACHABLE),
        new Row(new ProtocolException("it babbles"), Fault.SITE_UNREACHABLE),
        new Row(new ConnectException("Connection refused"), Fault.SITE_UNREACHABLE),
        new Row(new IOException("Connection reset"), Fault.SITE_UNREACHABLE));
  }

  static Stream<Row> grants() {
    return Arrays.stream(GrantRefusedException.Reason.values())
        .map(
            reason ->
                new Row(
                    new GrantRefusedException(reason, "it opens nothing."),
                    reason == GrantRefusedException.Reason.FENCED
                        ? Fault.FENCED
                        : Fault.GRANT_REFUSED));
  }

  static Stream<Row> peers() {
    return Arrays.stream(PeerRefusedException.Reason.values())
        .map(
            reason ->
                new Row(
                    new PeerRefusedException(reason, "Look at its certificate.", eio()),
                    reason == PeerRefusedException.Reason.OTHER_PROTOCOL
                        ? Fault.OTHER_PROTOCOL
                        : Fault.CERTIFICATE_REFUSED));
  }

  @ParameterizedTest
  @MethodSource({"table", "grants", "peers"})
  void everyFailureHasANameAndSaysWhatToDo(Row row) {
    FaultException fault = TransferFaults.of("copy disk 'd'", row.failure());
    assertThat(fault.fault()).isEqualTo(row.fault());
    assertThat(fault).hasCause(row.failure());
    assertSaysWhatToDo(fault);
  }

  @ParameterizedTest
  @MethodSource
  void whatTheOtherWorkerRefusesKeepsItsRemedy(WireFault refused) {
    FaultException fault =
        TransferFaults.of(
            "copy disk 'd'", new RefusedException(refused, "It said so. Look there."));
    assertThat(fault.fault().remedy().name()).isEqualTo(refused.remedy().name());
    assertSaysWhatToDo(fault);
  }

  static Stream<WireFault> whatTheOtherWorkerRefusesKeepsItsRemedy() {
    return Arrays.stream(WireFault.values());
  }

  @Test
  void theRefusalsOfTheOtherWorkerHaveTheirOwnNames() {
    Map<WireFault, Fault> names =
        Map.of(
            WireFault.OTHER_PROTOCOL, Fault.OTHER_PROTOCOL,
            WireFault.NO_SUCH_DISK, Fault.SHAPE_CHANGED,
            WireFault.NO_SUCH_SNAPSHOT, Fault.RESTORE_POINT_NOT_FOUND,
            WireFault.GRANT_REFUSED, Fault.GRANT_REFUSED,
            WireFault.FENCED, Fault.FENCED,
            WireFault.PEER_REFUSED, Fault.CERTIFICATE_REFUSED,
            WireFault.CAPACITY_DIFFERS, Fault.SHAPE_CHANGED,
            WireFault.DISK_UNREADABLE, Fault.DISK_UNREADABLE,
            WireFault.READ_FAILED, Fault.SITE_UNREACHABLE);
    names.forEach(
        (refused, fault) ->
            assertThat(TransferFaults.of("copy", new RefusedException(refused, "so")).fault())
                .isEqualTo(fault));
  }

  @Test
  void keysThatCannotBeUsedAreAMatterOfSettings() {
    FaultException fault =
        TransferFaults.of("copy disk 'd'", new TrustException("There is no key. Make one."));
    assertThat(fault.fault()).isEqualTo(Fault.NOT_CONFIGURED);
    assertThat(fault.sentence()).isEqualTo("Could not copy disk 'd': There is no key. Make one.");
  }

  @Test
  void noExceptionOfTheDataPlaneWasForgotten() throws Exception {
    Set<String> known =
        Stream.of(
                table().stream(),
                grants(),
                peers(),
                Stream.of(new Row(new RefusedException(WireFault.OTHER, ""), Fault.UNEXPECTED)))
            .flatMap(rows -> rows)
            .map(row -> row.failure().getClass().getSimpleName())
            .collect(Collectors.toSet());
    // The first is no IOException, the other never leaves a handshake.
    known.addAll(List.of("TrustException", "UntrustedException"));
    assertThat(known).containsAll(exceptionsOfTheDataPlane());
  }

  private static Set<String> exceptionsOfTheDataPlane() throws Exception {
    URI classes = Transfer.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    Path where = Path.of(classes);
    if (Files.isDirectory(where)) {
      return exceptions(where);
    }
    try (FileSystem jar = FileSystems.newFileSystem(where)) {
      return exceptions(jar.getPath("/"));
    }
  }

  private static Set<String> exceptions(Path classes) throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().contains("/delta/"))
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Exception.class"))
          .map(name -> name.replace(".class", ""))
          .collect(Collectors.toSet());
    }
  }

  private static void assertSaysWhatToDo(FaultException fault) {
    assertThat(fault.sentence())
        .startsWith("Could not copy disk 'd': ")
        .containsPattern("(?i)\\b(retry|tried again|look|check|give|close|discard|mend|keep)\\b");
  }
}
