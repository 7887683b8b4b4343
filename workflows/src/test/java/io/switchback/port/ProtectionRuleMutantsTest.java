package io.switchback.port;

import io.switchback.fault.FaultException;
import io.switchback.model.Policy;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Registries that break a promise about rules; the suite notices. */
final class ProtectionRuleMutantsTest {
  private static Supplier<RegistryFixture> fixture = () -> with(FakeProtectionRuleActivities::new);

  static final class Suite extends ProtectionRuleContract {
    @Override
    protected RegistryFixture open() {
      return fixture.get();
    }
  }

  @TestFactory
  Stream<DynamicTest> theSuiteCatchesABrokenPromise() {
    AdapterMutants<FakeRegistry, ProtectionRuleActivities, RegistryFixture> mutants =
        new AdapterMutants<>(ProtectionRuleContract.class, ProtectionRuleMutantsTest::with);
    writing(mutants);
    joining(mutants);
    return mutants.tests(Suite.class, next -> fixture = next);
  }

  private static RegistryFixture with(Function<FakeRegistry, ProtectionRuleActivities> adapter) {
    return new FakeRegistryFixture() {
      @Override
      public ProtectionFixture protecting() {
        return new FakeProtectionFixture(registry) {
          @Override
          public ProtectionRuleActivities rules() {
            return adapter.apply(registry);
          }
        };
      }
    };
  }

  private static void writing(
      AdapterMutants<FakeRegistry, ProtectionRuleActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "writes no policy",
            registry ->
                new FakeProtectionRuleActivities(registry) {
                  @Override
                  void keepPolicy(Policy policy) {}
                },
            "keepsTheRuleAndItsPolicy",
            "writesNoPolicyOverAnotherOfTheNameThatVmsRelyOn")
        .add(
            "says that it wrote what stood there",
            registry ->
                new FakeProtectionRuleActivities(registry) {
                  @Override
                  public Done writeRule(WriteRule request) {
                    return new Done(true, super.writeRule(request).attempt());
                  }
                },
            "changesNothingWhenTheRuleStandsThereAlready")
        .add(
            "begins anew with a rule that is written anew",
            registry ->
                new FakeProtectionRuleActivities(registry) {
                  @Override
                  public Done writeRule(WriteRule request) {
                    forget(request.rule().id());
                    return super.writeRule(request);
                  }
                },
            "putsARuleInPlaceOfOneOfItsId")
        .add(
            "knows one rule",
            registry ->
                new FakeProtectionRuleActivities(registry) {
                  @Override
                  public Done removeRule(RemoveRule request) {
                    kept.joined.clear();
                    return super.removeRule(request);
                  }
                },
            "keepsRulesApart");
  }

  private static void joining(
      AdapterMutants<FakeRegistry, ProtectionRuleActivities, RegistryFixture> mutants) {
    mutants
        .add(
            "remembers who has joined by a rule that is gone",
            registry ->
                new FakeProtectionRuleActivities(registry) {
                  @Override
                  void forget(String ruleId) {}

                  @Override
                  boolean isThere(String ruleId) {
                    return true;
                  }
                },
            "removesTheRuleOnceWithWhoHasJoinedByIt",
            "remembersNobodyForARuleThatWasRemoved")
        .add(
            "remembers the last who joined",
            registry ->
                new FakeProtectionRuleActivities(registry) {
                  @Override
                  public Done recordJoined(RecordJoined request) {
                    forget(request.ruleId());
                    return super.recordJoined(request);
                  }
                },
            "remembersWhoHasJoined")
        .add(
            "works from memory",
            registry ->
                new FakeProtectionRuleActivities(registry) {
                  @Override
                  public RuleStanding readRule(ReadRule request) {
                    try {
                      return super.readRule(request);
                    } catch (FaultException nobodyAnswers) {
                      return new RuleStanding(null, List.of(), 1);
                    }
                  }
                },
            "saysThatTheRegistryDoesNotAnswer");
  }
}
