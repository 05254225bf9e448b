package org.vocluster;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;

/** The direction of dependencies, and what pure code must not touch. */
@AnalyzeClasses(packages = "org.vocluster", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule theLanguageStandsOnTheJdkAlone =
      classes()
          .that()
          .resideInAPackage("org.vocluster.classad..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.vocluster.classad..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule theLauncherKnowsNoHook =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.vm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.vocluster.hook..",
              "org.vocluster.sizing..",
              "org.vocluster.explain..",
              "org.vocluster.cli..");

  @ArchTest
  static final ArchRule sizingKnowsNeitherHooksNorCommands =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.sizing..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.vocluster.hook..", "org.vocluster.explain..", "org.vocluster.cli..");

  @ArchTest
  static final ArchRule explainingStandsAboveSizingAndBelowCommands =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.explain..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.vocluster.hook..", "org.vocluster.cli..");

  @ArchTest
  static final ArchRule reasonsAreAFunctionOfFacts =
      noClasses()
          .that()
          .haveNameMatching(
              "org\\.vocluster\\.explain\\.(Explainer|Explanation|Reason|Words|PadHosts|PadVerdict|Condition|Shortfall|Facts)(\\$.*)?")
          .should(touchFilesOrTheNetwork().or(readAClock()));

  @ArchTest
  static final ArchRule aSimulationIsAFunctionOfItsTrace =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.simulation..")
          .and()
          .doNotHaveSimpleName("TraceFormat")
          .should(
              dependOnClassesThat(
                      resideInAnyPackage("java.nio.file..", "java.net..", "org.vocluster.cli.."))
                  .or(readAClock()));

  /** They start for every node and every few seconds: loading Guava would be felt. */
  @ArchTest
  static final ArchRule quickHooksDoWithoutGuava =
      noClasses()
          .that()
          .haveNameMatching("org\\.vocluster\\.hook\\.(Advertise|PrepareJob|JobExit|NodeJobAd).*")
          .or()
          .resideInAPackage("org.vocluster.vm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google.common..", "org.vocluster.sizing..");

  @ArchTest
  static final ArchRule theDecisionIsAFunctionOfValues =
      noClasses()
          .that()
          .haveNameMatching(
              "org\\.vocluster\\.sizing\\.(Sizing|SizingPass|SizingLimits|Situations|Readings|NodeJobs|Packing|Decision|PoolDecision|Action|VocSituation|PoolSituation|NodeSupply|NodeHistory|Breaker|Breakers|Standby|Candidate|DemandGroup|Resources)(\\$.*)?")
          .should(touchFilesOrTheNetwork().or(readAClock()));

  private static ArchCondition<JavaClass> touchFilesOrTheNetwork() {
    return dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio..", "java.net.."));
  }

  private static ArchCondition<JavaClass> readAClock() {
    return dependOnClassesThat(assignableTo(InstantSource.class))
        .or(callMethod(Instant.class, "now"))
        .or(callMethod(Clock.class, "systemUTC"))
        .or(callMethod(System.class, "currentTimeMillis"))
        .or(callMethod(System.class, "nanoTime"));
  }
}
