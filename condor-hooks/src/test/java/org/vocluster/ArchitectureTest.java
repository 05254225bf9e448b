package org.vocluster;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The walls between the rooms: which package may use which, and what pure ones must not touch.
 * Three classes are named, the only doors in a pure room: {@code WhyQuestion} gathers the facts
 * that are explained, {@code TraceFormat} reads the trace that is simulated, {@code Size} is the
 * hook that does not have to start quickly.
 */
@AnalyzeClasses(packages = "org.vocluster", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String[] ABOVE_SIZING = {
    "org.vocluster.hook..",
    "org.vocluster.explain..",
    "org.vocluster.simulation..",
    "org.vocluster.cli.."
  };

  @ArchTest
  static final ArchRule theLanguageStandsOnTheJdkAlone =
      classes()
          .that()
          .resideInAPackage("org.vocluster.classad..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.vocluster.classad..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule theWordsOfAdsStandOnTheLanguageAlone =
      classes()
          .that()
          .resideInAPackage("org.vocluster.ad..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.vocluster.ad..", "org.vocluster.classad..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule noPackageCycles =
      slices().matching("org.vocluster.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theLauncherKnowsNobodyAbove =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.vm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ABOVE_SIZING)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("org.vocluster.condor..", "org.vocluster.sizing..");

  @ArchTest
  static final ArchRule condorsToolsKnowNobodyAbove =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.condor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ABOVE_SIZING)
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("org.vocluster.sizing..");

  @ArchTest
  static final ArchRule sizingKnowsNobodyAbove =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.sizing..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ABOVE_SIZING);

  /** It runs as root: whatever it can reach is what root can be made to do. */
  @ArchTest
  static final ArchRule theReaperStandsOnLittle =
      classes()
          .that()
          .resideInAPackage("org.vocluster.reaper..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "org.vocluster.reaper..",
              "org.vocluster.condor..",
              "org.vocluster.ad..",
              "org.vocluster.classad..",
              "org.vocluster.vm.definition..",
              "org.vocluster.vm.os..",
              "java..",
              "jdk.net..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule nobodyCallsTheReaperButThroughItsSocket =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.vocluster.reaper..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.vocluster.reaper..");

  @ArchTest
  static final ArchRule theDecisionIsAFunctionOfValues =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.vocluster.sizing.reading..",
              "org.vocluster.sizing.history..",
              "org.vocluster.sizing.demand..",
              "org.vocluster.sizing.decision..",
              "org.vocluster.sizing.standing..")
          .should(touchTheWorld().or(readAClock()));

  @ArchTest
  static final ArchRule theQueueKnowsOnlyDemandAndReading =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.sizing.queue..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("org.vocluster..")
                  .and(
                      DescribedPredicate.not(
                          resideInAnyPackage(
                              "org.vocluster.sizing.queue..",
                              "org.vocluster.sizing.demand..",
                              "org.vocluster.sizing.reading..",
                              "org.vocluster.condor..",
                              "org.vocluster.ad..",
                              "org.vocluster.classad..",
                              "org.vocluster.vm.."))));

  @ArchTest
  static final ArchRule reasonsAreAFunctionOfFacts =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.explain..")
          .and()
          .doNotHaveSimpleName("WhyQuestion")
          .should(touchTheWorld().or(readAClock()));

  @ArchTest
  static final ArchRule aSimulationIsAFunctionOfItsTrace =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.simulation..")
          .and()
          .doNotHaveSimpleName("TraceFormat")
          .should(
              dependOnClassesThat(
                      resideInAnyPackage(
                          "java.nio.file..",
                          "java.net..",
                          "org.vocluster.sizing.collector..",
                          "org.vocluster.sizing.submit..",
                          "org.vocluster.sizing.queue.."))
                  .or(readAClock()));

  /** An ad may say any number, most of which make {@code Instant} throw. */
  @ArchTest
  static final ArchRule momentsOfAdsAreMadeInOnePlace =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster..")
          .and()
          .doNotHaveSimpleName("AdTime")
          .and()
          .resideOutsideOfPackages("org.vocluster.classad..", "org.vocluster.vm.qemu..")
          .should()
          .callMethod(java.time.Instant.class, "ofEpochSecond", long.class);

  /** They start for every node and every few seconds: loading Guava would be felt. */
  @ArchTest
  static final ArchRule quickHooksDoWithoutGuavaAndSizing =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.hook..")
          .and()
          .doNotHaveSimpleName("Size")
          .or()
          .resideInAPackage("org.vocluster.condor..")
          .or()
          .resideInAPackage("org.vocluster.vm..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.google.common..", "org.vocluster.sizing..");

  @ArchTest
  static final ArchRule hooksAndCommandsAreSiblings =
      noClasses()
          .that()
          .resideInAPackage("org.vocluster.hook..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.vocluster.cli..", "org.vocluster.explain..", "org.vocluster.simulation..");

  @ArchTest
  static final ArchRule explainingAndSimulatingKnowNeitherHooksNorCommands =
      noClasses()
          .that()
          .resideInAnyPackage("org.vocluster.explain..", "org.vocluster.simulation..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.vocluster.hook..", "org.vocluster.cli..");

  /** What the time is comes from whoever was started: the hooks' input, the commands' site. */
  @ArchTest
  static final ArchRule oneClockIsEnough =
      noClasses()
          .that()
          .resideInAnyPackage(
              "org.vocluster.condor..",
              "org.vocluster.sizing..",
              "org.vocluster.explain..",
              "org.vocluster.simulation..",
              "org.vocluster.cli..",
              "org.vocluster.hook..")
          .and()
          .doNotHaveSimpleName("Size")
          .should(
              callMethod(Instant.class, "now").or(callMethod(System.class, "currentTimeMillis")));

  private static ArchCondition<JavaClass> touchTheWorld() {
    return dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio..", "java.net.."))
        .or(dependOnClassesThat(assignableTo(ProcessHandle.class)))
        .or(dependOnClassesThat(assignableTo(Thread.class)));
  }

  private static ArchCondition<JavaClass> readAClock() {
    return dependOnClassesThat(assignableTo(InstantSource.class))
        .or(callMethod(Instant.class, "now"))
        .or(callMethod(Clock.class, "systemUTC"))
        .or(callMethod(System.class, "currentTimeMillis"))
        .or(callMethod(System.class, "nanoTime"));
  }
}
