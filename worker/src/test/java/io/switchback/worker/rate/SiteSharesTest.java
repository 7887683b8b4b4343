package io.switchback.worker.rate;

import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.delta.RateLimit;
import io.switchback.delta.RateLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Workers of one site, and a Temporal that tells of them what a test lets it hear. */
class SiteSharesTest {
  private static final long RATE = 12_000_000;
  private static final long LEAST = RateLimit.LEAST_BYTES_PER_SECOND;

  private final Heartbeats temporal = new Heartbeats();
  private final Member first = new Member("first");

  @Test
  void aWorkerAloneTakesAllOnceEverybodyCouldHaveSeenIt() {
    assertThat(first.share()).isEqualTo(LEAST);
    assertThat(first.looks()).isEqualTo(LEAST);
    assertThat(first.looks()).isEqualTo(LEAST);
    assertThat(first.looks()).isEqualTo(RATE);
    assertThat(first.figures()).isEqualTo(new SiteShare("potsdam", 1, RATE, 0));
  }

  @Test
  void aNewWorkerIsGivenRoomBeforeItTakesItsPart() {
    first.looks(3);
    Member second = new Member("second");
    assertThat(second.looks()).isEqualTo(LEAST);
    assertThat(first.looks()).isEqualTo(RATE / 2);
    assertThat(second.looks()).isEqualTo(LEAST);
    assertThat(second.looks()).isEqualTo(RATE / 2);
  }

  @Test
  void theWorkersTogetherNeverTakeMoreHoweverTheyComeAndLook() {
    Member second = new Member("second");
    Member third = new Member("third");
    List<Member> all = List.of(first, second, third);
    List<List<Member>> rounds =
        List.of(List.of(first), List.of(second, first), List.of(third, first, second));
    for (int round = 0; round < 30; round++) {
      for (Member member : rounds.get(Math.min(round / 2, 2))) {
        member.looks();
        assertThat(all.stream().flatMapToLong(one -> LongStream.of(one.share())).sum())
            .as("round %d", round)
            .isLessThanOrEqualTo(RATE + 2 * LEAST);
      }
    }
    assertThat(all).extracting(Member::share).containsOnly(RATE / 3);
  }

  @Test
  void whatADeadWorkerHadComesBackWhenItWasSilentForLong() {
    first.looks(3);
    new Member("second").looks();
    for (int look = 1; look <= SiteRoll.SILENT_LOOKS; look++) {
      assertThat(first.looks()).as("look %d", look).isEqualTo(RATE / 2);
    }
    assertThat(first.looks()).isEqualTo(RATE);
  }

  @Test
  void whileTemporalIsAwayEverybodyKeepsWhatItHadAndTheFailuresAreCounted() {
    Member second = new Member("second");
    first.looks(3);
    second.looks(3);
    first.looks();
    temporal.isAway = true;
    for (int look = 0; look < 50; look++) {
      assertThat(first.looks()).isEqualTo(RATE / 2);
    }
    assertThat(first.figures()).isEqualTo(new SiteShare("potsdam", 2, RATE / 2, 50));

    temporal.comesBackKnowingNobody();
    assertThat(first.looks()).as("it knows nobody").isEqualTo(RATE / 2);
    assertThat(second.looks()).isEqualTo(RATE / 2);
    for (int look = 0; look < 2 * SiteRoll.SILENT_LOOKS; look++) {
      assertThat(first.looks()).isEqualTo(RATE / 2);
      assertThat(second.looks()).isEqualTo(RATE / 2);
    }
  }

  @Test
  void aWorkerThatTemporalWasNeverAskedForBeginsWithTheLeast() {
    temporal.isAway = true;
    first.looks(20);
    assertThat(first.share()).isEqualTo(LEAST);
    temporal.isAway = false;
    first.looks(3);
    assertThat(first.share()).isEqualTo(RATE);
  }

  @Test
  void aWorkerThatIsNotHeardItselfTakesNoPart() {
    first.isHeard = false;
    first.looks(20);
    assertThat(first.share()).isEqualTo(LEAST);
  }

  @Test
  void whereTemporalCannotTellTheRateIsEachWorkersOwn() {
    temporal.tells = false;
    new Member("second").looks();
    assertThat(first.looks()).isEqualTo(RATE);
    assertThat(first.looks(20)).isEqualTo(RATE);
  }

  @Test
  void nobodyGetsLessThanALimitMayBe() {
    Member slow = new Member("slow", new RateLimits(OptionalLong.empty(), OptionalLong.of(LEAST)));
    new Member("second").looks();
    assertThat(slow.looks(3)).isEqualTo(LEAST);
    assertThat(slow.figures().workers()).isEqualTo(2);
  }

  @Test
  void withoutARateNobodyIsAsked() {
    temporal.isAway = true;
    SiteShares shares = new SiteShares(RateLimits.none(), List.of("potsdam"), temporal, "first");
    shares.look();
    assertThat(shares.now()).isEmpty();
  }

  /** A worker of the site, which is heard once before each of its looks. */
  private final class Member {
    private final String name;
    private final RateLimits limits;
    private final SiteShares shares;
    private boolean isHeard = true;

    Member(String name) {
      this(name, new RateLimits(OptionalLong.empty(), OptionalLong.of(RATE)));
    }

    Member(String name, RateLimits limits) {
      this.name = name;
      this.limits = limits;
      this.shares = new SiteShares(limits, List.of("potsdam"), temporal, name);
    }

    long looks() {
      if (isHeard && !temporal.isAway) {
        temporal.beat(name);
      }
      shares.look();
      return share();
    }

    long looks(int times) {
      for (int look = 0; look < times; look++) {
        looks();
      }
      return share();
    }

    /** What a transfer may really take. */
    long share() {
      return limits.of("berlin", "potsdam").getLast().bytesPerSecond();
    }

    SiteShare figures() {
      return shares.now().getFirst();
    }
  }

  private static final class Heartbeats implements SiteWorkers {
    private final Map<String, String> marks = new HashMap<>();
    private boolean isAway;
    private boolean tells = true;
    private int beats;

    void beat(String worker) {
      marks.put(worker, "beat " + beats++);
    }

    void comesBackKnowingNobody() {
      marks.clear();
      isAway = false;
    }

    @Override
    public boolean isTold() {
      requireThere();
      return tells;
    }

    @Override
    public Map<String, String> heard(String site) {
      requireThere();
      assertThat(site).isEqualTo("potsdam");
      return Map.copyOf(marks);
    }

    private void requireThere() {
      if (isAway) {
        throw new IllegalStateException("Temporal is away");
      }
    }
  }
}
