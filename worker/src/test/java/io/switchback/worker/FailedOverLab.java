package io.switchback.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.lab.LabClient;
import io.switchback.lab.SiteResources;
import io.switchback.lab.witness.FailbackTestimony;
import io.switchback.lab.witness.Witness;
import io.switchback.model.Replica;
import io.switchback.operation.MemberResult;
import io.switchback.operation.OperationResult;
import io.switchback.operation.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A lab VM that has failed over from berlin to potsdam, where its guest writes. */
abstract class FailedOverLab {
  static final String WEB = "{\"vms\":[\"web-01\"],\"by\":\"test\"}";

  @TempDir Path directory;

  LabEstate estate;
  LabClient production;
  LabClient recovery;
  Replica replica;

  /** What berlin is made of. */
  SiteResources berlin() {
    return SiteResources.usual();
  }

  @BeforeEach
  final void failOver() throws Exception {
    estate = new LabEstate(directory, berlin(), SiteResources.usual());
    production = estate.production;
    recovery = estate.recovery;
    estate.create("web-01");
    production.powerOn("web-01", null);
    done(
        "Protect",
        """
        {"vms": ["web-01"], "from": "berlin", "to": "potsdam",
         "policy": {"name": "hourly", "interval": "PT1H"}}
        """);
    replica = estate.now("web-01").replica();
    assertThat(estate.cycle("web-01").problem()).isEmpty();
    production.powerOff("web-01", null);
    done("PartialFailover", WEB);
    guestWrites();
  }

  @AfterEach
  final void stop() throws Exception {
    estate.close();
  }

  final MemberResult done(String type, String input) {
    OperationResult result = estate.run(type, input);
    assertThat(result.outcome()).as(result.toString()).isEqualTo(Outcome.DONE);
    return result.members().getFirst();
  }

  /** What the witness reads of the way home to that VM: nothing is lost. */
  final FailbackTestimony broughtHome(String vm) throws Exception {
    FailbackTestimony found =
        Witness.failback(
            estate.site("potsdam"), replica.recovery().name(), estate.site("berlin"), vm);
    assertThat(found.mistakes()).isEmpty();
    assertThat(found.recordsLost()).isZero();
    return found;
  }

  final void guestWrites() {
    guestOf("potsdam", replica.recovery().id());
  }

  /** Waits until the guest has written some records more. */
  final void guestOf(String site, String vm) {
    long before = written(site, vm);
    LabEstate.until("records of " + vm, () -> written(site, vm) > before + 3);
  }

  private long written(String site, String vm) {
    try (Stream<String> effects = Files.lines(estate.site(site).resolve("effects.jsonl"))) {
      return effects
          .filter(line -> line.contains("\"written\"") && line.contains('"' + vm + '"'))
          .count();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
