package io.switchback.operation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.fault.Fault;
import io.switchback.operation.OperationStatus.MemberStatus;
import io.switchback.port.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DetailsTest {
  private static final String LONG = "ü<b>".repeat(400);
  private static final Parked PARKED =
      new Parked("web-01", "powerOn", Fault.NO_CAPACITY, LONG, List.of("retry", "abort"));

  @Test
  void staysBelowFourKilobytesHoweverManyMembersAndWordsThereAre() {
    List<MemberStatus> members =
        IntStream.range(0, 500)
            .mapToObj(i -> new MemberStatus("vm-" + i, "replica/" + LONG, LONG, PARKED))
            .toList();
    StepStatus step = new StepStatus(LONG, "DONE", Instant.EPOCH, Duration.ofSeconds(1), LONG);

    String overAll = Details.of(new OperationStatus("fail over", "", members), "default");
    String ofOne =
        Details.of(
            new ReplicaStatus("web-01", "fail over", Collections.nCopies(200, step), PARKED));

    assertThat(overAll.getBytes(UTF_8)).hasSizeLessThan(4096);
    assertThat(ofOne.getBytes(UTF_8)).hasSizeLessThan(4096);
    assertThat(overAll).contains("and 499 more").contains("… and ");
  }

  @Test
  void showsTheNewestStepsInTheirOrder() {
    List<StepStatus> steps =
        IntStream.range(0, 300)
            .mapToObj(i -> new StepStatus("step-" + i, "DONE", Instant.EPOCH, Duration.ZERO, "ok"))
            .toList();

    String text = Details.of(new ReplicaStatus("web-01", "fail over", steps, null));

    assertThat(text).contains("| step-299").doesNotContain("| step-0 |");
    assertThat(text.indexOf("| step-298 |")).isLessThan(text.indexOf("| step-299"));
  }

  @Test
  void namesCannotBreakTheTableNorTheLinks() {
    String text =
        Details.of(
            new OperationStatus(
                "fail over",
                "",
                List.of(new MemberStatus("a|b<db01>", "replica/x", "begins", null))),
            "dr");

    assertThat(text)
        .contains(
            "| [a\\|b\\<db01\\>](/namespaces/dr/workflows/replica%2Fx)\u00a0\u00a0 | begins |");
  }

  @Test
  void answersToCopyAreJsonWhateverTheNameIs() {
    Parked parked =
        new Parked(
            "we\"b\n01", "productionStillRuns", Fault.CHECK_FAILED, "runs", List.of("acknowledge"));

    String json = parked.copyable().getFirst();

    assertThat(json).doesNotContain("\n");
    assertThat(Payloads.mapper().readValue(json, Answer.class))
        .isEqualTo(
            new Answer("we\"b\n01", "productionStillRuns", "acknowledge", "your name", "why"));
  }
}
