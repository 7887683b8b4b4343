package io.switchback.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.temporal.activity.ActivityInterface;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A workflow that calls a port which no worker serves would wait for ever. */
final class AdaptersTest {
  private static final JavaClasses PROGRAM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.switchback");

  private static final JavaClass WIRING = PROGRAM.get(Adapters.class);

  private static List<JavaClass> adapters() {
    return PROGRAM.stream()
        .filter(type -> !type.isInterface() && type.isTopLevelClass())
        .filter(
            type ->
                type.getAllRawInterfaces().stream()
                    .anyMatch(port -> port.isAnnotatedWith(ActivityInterface.class)))
        .toList();
  }

  @Test
  void thereAreAdaptersToWire() {
    assertThat(adapters()).hasSizeGreaterThan(10);
  }

  @TestFactory
  Stream<DynamicTest> theWorkerServesWithEveryAdapter() {
    return adapters().stream()
        .map(
            adapter ->
                DynamicTest.dynamicTest(
                    adapter.getSimpleName(),
                    () ->
                        assertThat(WIRING.getConstructorCallsFromSelf())
                            .as("how often " + adapter.getName() + " is made in Adapters")
                            .filteredOn(call -> call.getTargetOwner().equals(adapter))
                            .hasSize(1)));
  }
}
