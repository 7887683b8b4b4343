package io.switchback.port;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.temporal.activity.ActivityInterface;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * No port without a suite of its promises: each method is called by a suite, each suite has been
 * seen to fail by mutants, and an adapter that is no fake keeps it.
 */
final class PortContractsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter().importPackages("io.switchback.port");
  private static final Pattern KEEPS = Pattern.compile("\\bextends (\\w+Contract)\\b");

  static Stream<JavaClass> ports() {
    return CLASSES.stream().filter(type -> type.isAnnotatedWith(ActivityInterface.class));
  }

  /** Every class whose tests are promises. */
  static List<JavaClass> suites() {
    return CLASSES.stream()
        .filter(type -> type.getSimpleName().endsWith("Contract"))
        .filter(
            type ->
                type.getMethods().stream().anyMatch(method -> method.isAnnotatedWith(Test.class)))
        .toList();
  }

  @Test
  void thereArePortsAndSuitesToCompare() {
    assertThat(ports()).hasSizeGreaterThan(10);
    assertThat(suites()).hasSizeGreaterThan(10);
  }

  @TestFactory
  Stream<DynamicTest> everyMethodOfEveryPortIsHeldToItsPromises() {
    return ports()
        .flatMap(port -> port.getMethods().stream())
        .map(
            method ->
                DynamicTest.dynamicTest(
                    name(method),
                    () ->
                        assertThat(suites())
                            .as("a *Contract whose tests call " + name(method))
                            .anyMatch(suite -> calls(suite, method))));
  }

  @TestFactory
  Stream<DynamicTest> everySuiteNoticesABrokenPromise() {
    return suites().stream()
        .map(
            suite ->
                DynamicTest.dynamicTest(
                    suite.getSimpleName(),
                    () ->
                        assertThat(CLASSES.stream())
                            .as("a *MutantsTest that runs it")
                            .anyMatch(
                                test ->
                                    test.getSimpleName().endsWith("MutantsTest")
                                        && dependsOn(test, suite))));
  }

  @Test
  void everySuiteIsKeptByAnAdapterThatIsNoFake() throws IOException {
    Set<String> kept = new TreeSet<>();
    for (Path file : testsOfAdapters()) {
      Matcher keeps = KEEPS.matcher(Files.readString(file));
      while (keeps.find()) {
        kept.add(keeps.group(1));
      }
    }

    assertThat(kept).containsAll(suites().stream().map(JavaClass::getSimpleName).toList());
  }

  private static List<Path> testsOfAdapters() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    List<Path> tests = new ArrayList<>();
    for (String rooms : List.of("activities", "worker")) {
      try (Stream<Path> files = Files.walk(root.resolve(rooms))) {
        files
            .filter(file -> file.toString().contains("/src/test/java/"))
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(tests::add);
      }
    }
    return tests;
  }

  private static boolean calls(JavaClass suite, JavaMethod method) {
    return suite.getAccessesFromSelf().stream()
        .map(JavaAccess::getTarget)
        .anyMatch(
            target ->
                target.getOwner().equals(method.getOwner())
                    && target.getName().equals(method.getName()));
  }

  private static boolean dependsOn(JavaClass test, JavaClass suite) {
    return test.getDirectDependenciesFromSelf().stream()
        .anyMatch(dependency -> dependency.getTargetClass().equals(suite));
  }

  private static String name(JavaMethod method) {
    return method.getOwner().getSimpleName() + "." + method.getName();
  }
}
