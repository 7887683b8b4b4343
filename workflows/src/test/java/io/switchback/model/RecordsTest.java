package io.switchback.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Records refuse what is wrong, with every mistake at once. */
final class RecordsTest {
  private static final VmRef VM = new VmRef("berlin", "vm-1", "web-01");

  @Test
  void aFenceNamesEveryMistake() {
    refused(
        () -> new Fence(0, -1, -1, -1),
        "fence: generation must be at least 1; epoch must not be negative; step must not be"
            + " negative; attempt must not be negative");
  }

  @Test
  void aVmNamesEveryMistake() {
    refused(() -> new VmRef("", " ", null), "vm: site is missing; id is missing; name is missing");
  }

  @Test
  void aReplicaNamesEveryMistake() {
    refused(
        () -> new Replica("", "", null, null, List.of(), List.of()),
        "replica: id is missing; name is missing; production is missing; recovery is missing;"
            + " a replica has at least one disk");
  }

  @Test
  void aMandateNamesEveryMistake() {
    refused(
        () -> new Mandate("", "", null),
        "mandate: operationId is missing; step is missing; fence is missing");
  }

  @Test
  void aRestorePointNamesEveryMistake() {
    refused(
        () -> new RestorePoint("", "", null, null),
        "restore point: id is missing; snapshot is missing; takenAt is missing; consistency is"
            + " missing");
  }

  @Test
  void aDiskPairNeedsACapacity() {
    refused(() -> new DiskPair("a", "b", 0), "disk pair: capacityBytes must be positive");
  }

  @Test
  void anOverrideNeedsANameAndAReason() {
    refused(
        () -> new CheckOverride("", "", ""),
        "override: check is missing; by is missing; reason is missing");
  }

  @Test
  void checksRefuseWhatCannotPass() {
    refused(
        () -> new HttpCheck("", 99, null),
        "HTTP check: url is missing; status must be an HTTP status");
    refused(() -> new TcpCheck(" ", null), "TCP check: address is missing");
  }

  @Test
  void aCheckTriesForTwoMinutesUnlessItSaysOtherwise() {
    assertThat(new HttpCheck("http://{address}/", 200, null).limit())
        .isEqualTo(Duration.ofMinutes(2));
    assertThat(new TcpCheck("{address}", null).limit()).isEqualTo(Duration.ofMinutes(2));
    assertThat(new TcpCheck("{address}", Duration.ofSeconds(5)).limit())
        .isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void aPaceFillsInWhatIsNotSaid() {
    assertThat(new Pace(null, null, null, null, null)).isEqualTo(Pace.DEFAULT);
    assertThat(new Pace(null, null, 2, null, null).attempts()).isEqualTo(2);
  }

  @Test
  void theMorePatientOfTwoPacesCountsInEachRespect() {
    Pace slow = new Pace(Duration.ofSeconds(40), null, 2, Duration.ofMillis(200), null);
    Pace stubborn = new Pace(null, Duration.ofHours(1), 9, null, Duration.ofSeconds(9));

    Pace both =
        new Pace(
            Duration.ofSeconds(40),
            Duration.ofHours(1),
            9,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5));
    assertThat(slow.andAsPatientAs(stubborn)).isEqualTo(both);
    assertThat(stubborn.andAsPatientAs(slow)).isEqualTo(both);
  }

  @Test
  void aPaceNamesEveryMistake() {
    refused(
        () ->
            new Pace(Duration.ofMillis(1), Duration.ZERO, 0, Duration.ZERO, Duration.ofSeconds(-1)),
        "pace: heartbeat must be at least 1 s; stepLimit must be longer than heartbeat; attempts"
            + " must be at least 1; backoff must be at least 100 ms; bootLimit must not be"
            + " negative");
  }

  @Test
  void aSelectionMeansTheLatestRestorePointUnlessItNamesOne() {
    assertThat(new VmSelection("web-01", null).restorePoint()).isEqualTo(VmSelection.LATEST);
    refused(() -> new VmSelection("", null), "vm: name is missing");
  }

  @Test
  void aReplicaKeepsItsDisksWhateverBecomesOfTheListItWasGiven() {
    List<DiskPair> disks = new ArrayList<>(List.of(new DiskPair("a", "b", 1)));
    Replica replica = new Replica("r-1", "web-01", VM, VM, disks, List.of());

    disks.clear();

    assertThat(replica.disks()).hasSize(1);
  }

  @Test
  void mistakesAreGatheredAndThenRefused() {
    Mistakes mistakes = new Mistakes().add("one").unless(true, "two").unless(false, "three");

    assertThat(mistakes.found()).containsExactly("one", "three");
    refused(() -> mistakes.refuse("input"), "input: one; three");
    new Mistakes().refuse("nothing is wrong");
  }

  private static void refused(ThrowingCallable call, String sentence) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(sentence);
  }
}
