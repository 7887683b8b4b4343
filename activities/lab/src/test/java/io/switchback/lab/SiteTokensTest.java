package io.switchback.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.switchback.delta.ByteRange;
import io.switchback.delta.tag.TagAlgorithm;
import io.switchback.delta.tag.TagKey;
import io.switchback.delta.tag.TagLevel;
import io.switchback.fault.Fault;
import io.switchback.fault.FaultException;
import io.switchback.fault.Remedy;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what at a site. */
class SiteTokensTest {
  private static final TagKey KEY = TagKey.random(TagAlgorithm.GMAC);
  private static final String DISK = "disk-0";
  private static final String NONE = "lab_notatokenofthissite";

  @TempDir Path directory;

  private LabDaemon daemon;
  private LabClient owner;
  private Instant now = Instant.parse("2026-01-31T12:00:00Z");

  @BeforeEach
  void start() throws IOException {
    daemon = LabDaemon.start(new LabSettings("berlin", directory, 0));
    owner = LabClient.of(directory);
    if (owner.site().vms().isEmpty()) {
      owner.createVm(LabFixture.idle("web", LabFixture.MIB), null);
    }
  }

  @AfterEach
  void stop() throws IOException {
    owner.close();
    daemon.close();
  }

  private LabClient with(String secret) {
    return LabClient.at(daemon.address(), () -> secret);
  }

  private LabClient reader() {
    String secret = owner.makeToken(TokenKind.READ_ONLY, Duration.ofHours(1)).secret();
    return with(secret);
  }

  private static String refusal(LabFault fault, ThrowingCallable call) {
    LabRefusals.refuses(fault, call);
    try {
      call.call();
      throw new AssertionError("was not refused");
    } catch (LabException refused) {
      return refused.getMessage();
    } catch (Throwable other) {
      throw new AssertionError(other);
    }
  }

  @Test
  void aCallWithoutATokenOrWithAWrongOneIsRefused() throws Exception {
    try (LabClient nobody = with("");
        LabClient stranger = with(NONE);
        LabClient broken = with("two words")) {
      assertThat(refusal(LabFault.WRONG_TOKEN, nobody::site)).contains("wants a token");
      assertThat(refusal(LabFault.WRONG_TOKEN, stranger::site))
          .contains("none that lab site 'berlin' knows")
          .doesNotContain(NONE);
      assertThat(refusal(LabFault.WRONG_TOKEN, broken::site)).doesNotContain("two words");
      LabRefusals.refuses(LabFault.WRONG_TOKEN, () -> stranger.powerOn("web", null));
    }
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(daemon.address().resolve("/noSuchCall"))
                  .POST(HttpRequest.BodyPublishers.noBody())
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(answer.body()).as("strangers learn no names").contains("WRONG_TOKEN");
    }
  }

  @Test
  void aReadOnlyTokenLooksAndReadsAndChangesNothing() {
    SnapshotView point = owner.createSnapshot("web", "one", false, null);
    try (LabClient reader = reader();
        DiskConnection disk = reader.openDisk("web", DISK)) {
      assertThat(reader.login().kind()).isEqualTo(TokenKind.READ_ONLY);
      assertThat(reader.site().vms()).hasSize(1);
      assertThat(reader.look("web").name()).isEqualTo("web");
      assertThat(reader.snapshots("web")).hasSize(1);
      assertThat(reader.resources().hosts()).hasSize(1);
      assertThat(reader.changedAreas("web", DISK, point.changeIds().get(DISK), "one")).isEmpty();
      assertThat(LabFixture.read(disk, null, 0, 512)).containsOnly(0);
      assertThat(disk.tags(KEY, TagLevel.LEAF, List.of(new ByteRange(0, Layer.GRAIN)))).hasSize(16);
      List<ThrowingCallable> changes =
          List.of(
              () -> reader.powerOn("web", null),
              () -> reader.deleteVm("web", null),
              () -> reader.revert("web", "one", null),
              () -> reader.removeSnapshot("web", "one", null),
              () -> reader.createSnapshot("web", "two", false, null),
              () -> reader.snapshotGroup(List.of(new GroupMember("web", "two", null)), false),
              () -> reader.reconfigureVm("web", VmChange.none().cpus(2), null),
              () -> reader.addDisk("web", DiskDefinition.empty("more", LabFixture.MIB), null),
              () -> reader.removeDisk("web", DISK, null),
              () -> reader.growDisk("web", DISK, 2 * LabFixture.MIB, null),
              () -> reader.resetTracking("web", DISK, null),
              () -> reader.flush("web", DISK, null),
              () -> reader.fence("web", LabFixture.stamp("x", 1, 1)),
              () -> reader.replaceGuest("web", GuestDefinition.usual(), null),
              () -> reader.createVm(LabFixture.idle("db", LabFixture.MIB), null),
              () -> reader.changeResources(SiteResources.usual()),
              () -> reader.script(FaultScript.failing("look", null, "INTERNAL")),
              reader::clearScripts,
              reader::tokens,
              () -> reader.makeToken(TokenKind.FULL, null),
              () -> reader.revokeToken("token-1"),
              () -> disk.write(0, ByteBuffer.allocate(512), null));
      for (ThrowingCallable change : changes) {
        LabRefusals.refuses(LabFault.READ_ONLY_TOKEN, change);
      }
      assertThat(LabFixture.read(disk, null, 0, 512)).as("the same connection").containsOnly(0);
    }
    assertThat(owner.look("web").power()).isEqualTo(PowerState.OFF);
    assertThat(owner.snapshots("web")).hasSize(1);
  }

  @Test
  void theDataPathWantsATokenToo() {
    try (DiskConnection disk =
        DiskConnection.open(owner.site().dataPort(), () -> NONE, "web", DISK)) {
      LabRefusals.refuses(
          LabFault.WRONG_TOKEN, () -> disk.write(0, ByteBuffer.allocate(512), null));
      LabRefusals.refuses(LabFault.WRONG_TOKEN, () -> disk.read(null, 0, ByteBuffer.allocate(512)));
      LabRefusals.refuses(
          LabFault.WRONG_TOKEN,
          () -> disk.tags(KEY, TagLevel.LEAF, List.of(new ByteRange(0, Layer.GRAIN))));
    }
  }

  @Test
  void aTokenEndsWhenItExpiresAndWhenItIsTakenBackAndOutlivesARestart() throws IOException {
    TokenView made = owner.makeToken(TokenKind.FULL, null);
    TokenView brief = owner.makeToken(TokenKind.FULL, Duration.ofMillis(1));
    stop();
    start();
    try (LabClient holder = with(made.secret());
        LabClient late = with(brief.secret())) {
      LabFixture.await("expiry", () -> !Instant.now().isBefore(brief.expiresAt()));
      assertThat(refusal(LabFault.TOKEN_EXPIRED, late::site)).contains(brief.id(), "expired at");
      assertThat(holder.powerOn("web", null).power()).isEqualTo(PowerState.ON);
      assertThat(owner.tokens()).extracting(TokenView::id).containsExactly(made.id(), brief.id());
      assertThat(owner.tokens()).allMatch(one -> one.secret() == null);
      owner.revokeToken(made.id());
      LabRefusals.refuses(LabFault.WRONG_TOKEN, holder::site);
      LabRefusals.refuses(LabFault.NO_SUCH_TOKEN, () -> owner.revokeToken(made.id()));
    }
  }

  @Test
  void whatIsStoredIsForTheOwnerAloneAndHoldsNoSecretThatWasGivenAway() throws IOException {
    TokenView made = owner.makeToken(TokenKind.FULL, null);
    for (String file : List.of(SiteTokens.OWN_FILE, SiteTokens.FILE)) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(file)))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
    assertThat(Files.readString(directory.resolve(SiteTokens.FILE))).doesNotContain(made.secret());
    assertThat(Files.readString(directory.resolve("effects.jsonl"))).doesNotContain(made.secret());
    assertThat(made.toString()).doesNotContain(made.secret());
  }

  @Test
  void expiresToTheMomentAndTellsWhyForThirtyDays() throws IOException {
    InstantSource clock = () -> now;
    SiteTokens tokens = SiteTokens.open("berlin", directory.resolve("other"), clock);
    TokenView hour = tokens.make(TokenKind.FULL, Duration.ofHours(1));
    now = now.plusSeconds(3599);
    assertThat(tokens.check(hour.secret(), "site", false).id()).isEqualTo(hour.id());
    now = now.plusSeconds(1);
    LabRefusals.refuses(LabFault.TOKEN_EXPIRED, () -> tokens.check(hour.secret(), "site", false));
    now = now.plus(Duration.ofDays(31));
    TokenView next = tokens.make(TokenKind.FULL, null);
    LabRefusals.refuses(LabFault.WRONG_TOKEN, () -> tokens.check(hour.secret(), "site", false));
    assertThat(tokens.list()).extracting(TokenView::id).containsExactly(next.id());
    LabRefusals.refuses(
        LabFault.BAD_REQUEST, () -> tokens.make(TokenKind.FULL, Duration.ofHours(-1)));
  }

  @Test
  void aWorkerTellsTheThreeApartAndTriesNoneAgainByItself() {
    assertThatThrownBy(
            () ->
                LabFaults.translated(
                    "power on vm 'web'",
                    () -> {
                      try (LabClient reader = reader()) {
                        return reader.powerOn("web", null);
                      }
                    }))
        .isInstanceOfSatisfying(
            FaultException.class, e -> assertThat(e.fault()).isEqualTo(Fault.BAD_CREDENTIALS))
        .hasMessageContaining("may only look");
    for (LabFault fault :
        List.of(LabFault.WRONG_TOKEN, LabFault.TOKEN_EXPIRED, LabFault.READ_ONLY_TOKEN)) {
      Fault told = LabFaults.translate("look", new LabException(fault, "no")).fault();
      assertThat(told.remedy()).isNotEqualTo(Remedy.RETRY);
    }
  }

  @Test
  void theGuestsTokenIsGoodForGuestsOnly() throws IOException {
    SiteTokens tokens = SiteTokens.open("berlin", directory, InstantSource.system());
    tokens.checkGuest(tokens.forGuests());
    LabRefusals.refuses(
        LabFault.WRONG_TOKEN, () -> tokens.check(tokens.forGuests(), "site", false));
    LabRefusals.refuses(LabFault.WRONG_TOKEN, () -> tokens.checkGuest(NONE));
  }
}
