package io.switchback.operation;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import io.switchback.Page;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/steps.md} equal to what the steps say of themselves. */
final class StepsPageTest {
  @Test
  void thePageSaysWhatTheStepsSay() throws Exception {
    Page.assertSays("steps.md", page());
  }

  @Test
  void everyStepIsPartOfAProcedureAndHasANameOfItsOwn() {
    assertThat(Procedure.ALL.stream().flatMap(one -> one.steps().stream()).distinct())
        .containsExactlyInAnyOrder(StepKind.values());
    assertThat(Arrays.stream(StepKind.values()).map(StepKind::id)).doesNotHaveDuplicates();
  }

  @Test
  void aPointOfNoReturnIsAStepOfItsProcedure() {
    assertThat(Procedure.ALL)
        .filteredOn(one -> one.pointOfNoReturn() != null)
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.steps()).contains(one.pointOfNoReturn()));
  }

  private static String page() {
    return Page.ORIGIN
        + """
        # The steps of each operation

        In their order, for each VM. The names are what the audit, answers and `--step` use. A step that may be skipped offers
        `skip` when it fails for good; the last column says what is then so. At the point of no return the registered undos end:
        from there on nothing can be aborted.

        """
        + Procedure.ALL.stream().map(StepsPageTest::section).collect(joining("\n"))
        + """

        ## The checks

        A check that fails parks the VM for a person's word. `acknowledge` goes on against it; an override in the input does so without
        parking. Both need a name and a reason, which the audit and the result show.

        | check | fails when |
        |--|--|
        """
        + Checks.ALL.stream()
            .map(check -> "| `%s` | %s |\n".formatted(check.name(), check.failsWhen()))
            .collect(joining());
  }

  private static String section(Procedure procedure) {
    return "## "
        + procedure.operation().words()
        + "\n\n| step | does | if skipped |\n|--|--|--|\n"
        + procedure.steps().stream()
            .map(
                step ->
                    "| `%s` | %s%s | %s |\n"
                        .formatted(
                            step.id(),
                            step.words(),
                            step == procedure.pointOfNoReturn() ? ". **Point of no return**" : "",
                            step.isSkippable() ? step.ifSkipped() : "–"))
            .collect(joining());
  }
}
