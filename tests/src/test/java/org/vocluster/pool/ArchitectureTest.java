package org.vocluster.pool;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The test pool knows nothing of VOC, VOC's actors in it nothing of who measures and shows them.
 */
@AnalyzeClasses(
    packages = {
      "org.vocluster.pool",
      "org.vocluster.vocpool",
      "org.vocluster.measure",
      "org.vocluster.demo",
      "org.vocluster.bench"
    },
    importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule eachRoomUsesThoseBelowIt =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("bench")
          .definedBy("org.vocluster.bench..")
          .layer("demo")
          .definedBy("org.vocluster.demo..")
          .layer("measure")
          .definedBy("org.vocluster.measure..")
          .layer("vocpool")
          .definedBy("org.vocluster.vocpool..")
          .layer("pool")
          .definedBy("org.vocluster.pool..")
          .whereLayer("bench")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("demo")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("measure")
          .mayOnlyBeAccessedByLayers("demo", "bench")
          .whereLayer("vocpool")
          .mayOnlyBeAccessedByLayers("measure", "demo", "bench");

  @ArchTest
  static final ArchRule thePoolKnowsNothingOfVoc =
      classes()
          .that()
          .resideInAPackage("org.vocluster.pool..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("org.vocluster.pool..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule noRoomIsInACircle =
      slices().matching("org.vocluster.(*)..").should().beFreeOfCycles();
}
