package io.switchback.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.switchback.operation.Workflows;
import io.temporal.workflow.WorkflowInterface;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The code keeps the rules, and each rule notices when it is broken. */
final class ArchitectureTest {
  private static final String OPERATIONS = "io.switchback.operation";

  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.switchback");
  private static final JavaClasses BROKEN =
      new ClassFileImporter().importPackages("io.switchback.architecture.broken");

  static Stream<Arguments> everyRule() {
    return Stream.of(
        Arguments.of("NO_CLOCK", Rules.NO_CLOCK, "ReadsTheClock"),
        Arguments.of("NO_CLOCK", Rules.NO_CLOCK, "HoldsAClock"),
        Arguments.of("NO_RANDOM", Rules.NO_RANDOM, "DrawsLots"),
        Arguments.of("NO_THREADS", Rules.NO_THREADS, "StartsAThread"),
        Arguments.of("NO_SYNCHRONIZED", Rules.NO_SYNCHRONIZED, "WaitsForALock"),
        Arguments.of("NO_IO", Rules.NO_IO, "ReadsAFile"),
        Arguments.of("NO_IO", Rules.NO_IO, "ReadsTheEnvironment"),
        Arguments.of("NO_STATIC_STATE", Rules.NO_STATIC_STATE, "RemembersForAll"),
        Arguments.of("NO_TECHNOLOGY", Rules.NO_TECHNOLOGY, "KnowsAnAdapter"),
        Arguments.of("NULL_MARKED", Rules.NULL_MARKED, "Unmarked"),
        Arguments.of("MODEL_KNOWS_NOBODY", Rules.MODEL_KNOWS_NOBODY, "KnowsItsPort"),
        Arguments.of(
            "LIFECYCLE_KNOWS_THE_MODEL_ALONE",
            Rules.LIFECYCLE_KNOWS_THE_MODEL_ALONE,
            "KnowsItsOperation"),
        Arguments.of("PORTS_KNOW_NO_OPERATION", Rules.PORTS_KNOW_NO_OPERATION, "LargeActivities"),
        Arguments.of("FAULTS_KNOW_NO_PORT", Rules.FAULTS_KNOW_NO_PORT, "KnowsAPort"),
        Arguments.of("PORTS_ARE_SMALL", Rules.PORTS_ARE_SMALL, "LargeActivities"),
        Arguments.of("PORTS_TAKE_ONE_RECORD", Rules.PORTS_TAKE_ONE_RECORD, "LargeActivities"),
        Arguments.of("PLAIN_NAMES", Rules.PLAIN_NAMES, "DiskManager"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("everyRule")
  void theCodeKeepsTheRule(String name, ArchRule rule, String breaker) {
    rule.check(MAIN);
  }

  @ParameterizedTest(name = "{0} by {2}")
  @MethodSource("everyRule")
  void theRuleNoticesThatItIsBroken(String name, ArchRule rule, String breaker) {
    assertThat(rule.evaluate(BROKEN).getFailureReport().getDetails())
        .anySatisfy(detail -> assertThat(detail).contains("." + breaker));
  }

  @Test
  void everyActivityAndWorkflowHasANameOfItsOwn() {
    assertThat(Rules.namesUsedTwice(MAIN)).isEmpty();
  }

  @Test
  void aNameThatIsUsedTwiceIsNoticed() {
    assertThat(Rules.namesUsedTwice(BROKEN)).containsOnlyKeys("one", "workflow Failover");
  }

  @Test
  void everyWorkflowIsRegistered() {
    List<String> made =
        MAIN.stream()
            .filter(type -> !type.isInterface() && type.getPackageName().equals(OPERATIONS))
            .filter(
                type ->
                    type.getAllRawInterfaces().stream()
                        .anyMatch(each -> each.isAnnotatedWith(WorkflowInterface.class)))
            .map(JavaClass::getName)
            .toList();
    assertThat(Workflows.ALL)
        .extracting(Class::getName)
        .containsExactlyInAnyOrderElementsOf(made)
        .isNotEmpty();
  }

  @Test
  void theRulesSeeTheWholeHouse() {
    assertThat(MAIN).hasSizeGreaterThan(100);
    assertThat(MAIN.containPackage(OPERATIONS)).isTrue();
    assertThat(MAIN.stream().map(type -> type.getPackageName()).distinct())
        .allMatch(name -> name.startsWith("io.switchback."));
  }
}
