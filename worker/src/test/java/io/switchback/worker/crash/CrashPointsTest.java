package io.switchback.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.temporal.activity.ActivityInterface;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The list of crash points is complete: no activity type without a point or a written reason. */
final class CrashPointsTest {
  private static final Set<String> POINTS =
      CrashPoint.ALL.stream()
          .map(CrashPoint::activity)
          .collect(Collectors.toCollection(TreeSet::new));

  /** The activity types of every port, as Temporal names them. */
  private static Set<String> types() {
    return new ClassFileImporter()
        .importPackages("io.switchback.port").stream()
            .filter(type -> type.isAnnotatedWith(ActivityInterface.class))
            .map(JavaClass::reflect)
            .flatMap(port -> Arrays.stream(port.getDeclaredMethods()))
            .filter(method -> !method.isSynthetic())
            .map(Method::getName)
            .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
            .collect(Collectors.toCollection(TreeSet::new));
  }

  @TestFactory
  Stream<DynamicTest> everyActivityTypeHasAPointOrAReason() {
    return types().stream()
        .map(
            type ->
                DynamicTest.dynamicTest(
                    type,
                    () ->
                        assertThat(POINTS.contains(type) || WithoutPoint.REASONS.containsKey(type))
                            .as(type + " has a crash point, or a reason why it has none")
                            .isTrue()));
  }

  @Test
  void noReasonIsOlderThanWhatItExcuses() {
    assertThat(types()).containsAll(WithoutPoint.REASONS.keySet());
    assertThat(WithoutPoint.REASONS.keySet()).doesNotContainAnyElementsOf(POINTS);
    assertThat(WithoutPoint.REASONS.values()).noneMatch(String::isBlank);
  }
}
