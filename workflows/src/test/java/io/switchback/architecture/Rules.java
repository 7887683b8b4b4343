package io.switchback.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.temporal.activity.ActivityInterface;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** What the code of the operations must keep, each rule with its reason. */
final class Rules {
  private static final String[] BELOW_LIFECYCLE = {"..port..", "..operation..", "..fault.."};

  static final ArchRule NO_CLOCK =
      noClasses()
          .should()
          .callMethodWhere(
              target(owner(resideInAnyPackage("java.time..")))
                  .and(target(nameMatching("now|system.*|tick.*"))))
          .orShould()
          .callMethodWhere(
              target(owner(describe("System", type -> type.isEquivalentTo(System.class))))
                  .and(target(nameMatching("currentTimeMillis|nanoTime"))))
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .because("a replay would see another time; ask Workflow.currentTimeMillis()");

  static final ArchRule NO_RANDOM =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching("java\\.util\\.(Random|SplittableRandom)|java\\.util\\.random\\..*")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.security.SecureRandom")
          .orShould()
          .callMethodWhere(target(nameMatching("randomUUID")).and(notTemporal()))
          .orShould()
          .callMethod(Math.class, "random")
          .because("a replay would draw another number; ask Workflow.newRandom()");

  static final ArchRule NO_THREADS =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.lang\\.Thread(\\$.*|Local|Group)?|java\\.util\\.concurrent\\..*|java\\.util\\.Timer.*")
          .because("Temporal runs a workflow's code in its own order; use Async and Promise");

  static final ArchRule NO_SYNCHRONIZED =
      methods()
          .should()
          .notHaveModifier(JavaModifier.SYNCHRONIZED)
          .because("a workflow that waits for a lock stops its worker")
          .allowEmptyShould(true);

  static final ArchRule NO_IO =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "java.nio",
                      "java.nio.file..",
                      "java.nio.channels..",
                      "java.net..",
                      "java.sql..",
                      "javax.sql..")
                  .or(
                      resideInAnyPackage("java.io..")
                          .and(
                              DescribedPredicate.not(
                                  describe(
                                      "Serializable",
                                      type -> type.isEquivalentTo(java.io.Serializable.class))))))
          .orShould()
          .callMethodWhere(
              target(owner(describe("System", type -> type.isEquivalentTo(System.class))))
                  .and(target(nameMatching("getenv|getProperty|getProperties|load.*|exit"))))
          .because("whatever talks to the world is an activity behind a port");

  static final ArchRule NO_STATIC_STATE =
      fields()
          .that()
          .areStatic()
          .should()
          .beFinal()
          .because("runs share a worker, and a replay begins with what another run left there")
          .allowEmptyShould(true);

  static final ArchRule NO_TECHNOLOGY =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.springframework..",
              "org.postgresql..",
              "com.vmware..",
              "com.jcraft..",
              "picocli..",
              "io.switchback..delta..",
              "io.switchback..lab..",
              "io.switchback..registry..",
              "io.switchback..verify..",
              "io.switchback..notify..",
              "io.switchback..worker..")
          .because("arrows point from the adapters to the ports");

  static final ArchRule NULL_MARKED =
      classes()
          .should(liveInANullMarkedPackage())
          .because("what may be absent says so, everything else is there");

  static final ArchRule MODEL_KNOWS_NOBODY =
      noClasses()
          .that()
          .resideInAPackage("..model..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..lifecycle..", "..fault..", "..port..", "..operation..")
          .allowEmptyShould(true);

  static final ArchRule LIFECYCLE_KNOWS_THE_MODEL_ALONE =
      noClasses()
          .that()
          .resideInAPackage("..lifecycle..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(BELOW_LIFECYCLE)
          .allowEmptyShould(true);

  static final ArchRule PORTS_KNOW_NO_OPERATION =
      noClasses()
          .that()
          .resideInAnyPackage("..port..", "..fault..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("..operation..")
          .allowEmptyShould(true);

  static final ArchRule FAULTS_KNOW_NO_PORT =
      noClasses()
          .that()
          .resideInAPackage("..fault..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..port..", "..lifecycle..")
          .allowEmptyShould(true);

  static final ArchRule PORTS_ARE_SMALL =
      classes()
          .that()
          .areAnnotatedWith(ActivityInterface.class)
          .should(
              new ArchCondition<>("have at most 6 methods") {
                @Override
                public void check(JavaClass port, ConditionEvents events) {
                  int methods = port.getMethods().size();
                  events.add(
                      new SimpleConditionEvent(
                          port, methods <= 6, port.getName() + " has " + methods + " methods"));
                }
              })
          .because("a port with more is two ports");

  static final ArchRule PORTS_TAKE_ONE_RECORD =
      methods()
          .that()
          .areDeclaredInClassesThat()
          .areAnnotatedWith(ActivityInterface.class)
          .should(
              new ArchCondition<>("take one record and answer one") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                  List<JavaClass> parameters = method.getRawParameterTypes();
                  boolean holds =
                      parameters.size() == 1
                          && parameters.getFirst().isRecord()
                          && method.getRawReturnType().isRecord();
                  events.add(new SimpleConditionEvent(method, holds, method.getFullName()));
                }
              })
          .because("a field can be added to a record later, a parameter cannot");

  static final ArchRule PLAIN_NAMES =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveNameMatching(".*(Helper|Utils?|Data|Info|Impl)")
          .orShould()
          .resideInAnyPackage("..util..", "..common..", "..impl..", "..dto..")
          .because("such a name says nothing of what the thing is in the field");

  private Rules() {}

  /** Activity and workflow type names that more than one method would answer to. */
  static Map<String, Long> namesUsedTwice(JavaClasses classes) {
    Map<String, Long> names = new HashMap<>();
    classes.stream().flatMap(Rules::names).forEach(name -> names.merge(name, 1L, Long::sum));
    names.values().removeIf(count -> count == 1);
    return names;
  }

  private static Stream<String> names(JavaClass type) {
    if (type.isAnnotatedWith(ActivityInterface.class)) {
      return type.getMethods().stream().map(JavaMethod::getName);
    }
    if (type.isAnnotatedWith(WorkflowInterface.class)) {
      return type.getAllMethods().stream()
          .filter(method -> method.isAnnotatedWith(WorkflowMethod.class))
          .map(
              method -> {
                String name = method.getAnnotationOfType(WorkflowMethod.class).name();
                return "workflow " + (name.isEmpty() ? type.getSimpleName() : name);
              });
    }
    return Stream.empty();
  }

  private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaCall<?>> notTemporal() {
    return DescribedPredicate.describe(
        "not Temporal's",
        call -> !call.getTargetOwner().getPackageName().startsWith("io.temporal"));
  }

  private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
    return new ArchCondition<>("live in a package that is @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked =
            type.getPackage().getAnnotations().stream()
                .anyMatch(annotation -> annotation.getRawType().isEquivalentTo(NullMarked.class));
        events.add(new SimpleConditionEvent(type, marked, type.getName() + " is not"));
      }
    };
  }
}
