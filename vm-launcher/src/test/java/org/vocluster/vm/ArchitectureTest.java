package org.vocluster.vm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;

/**
 * The launcher is a tower: each room may use those below it. Only the adapter knows QEMU, and
 * nobody in the tower knows the adapter: they know the port, {@code vm.hypervisor}.
 */
@AnalyzeClasses(packages = "org.vocluster.vm", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule eachRoomUsesThoseBelowIt =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("leftover")
          .definedBy("org.vocluster.vm.leftover..")
          .layer("qemu")
          .definedBy("org.vocluster.vm.qemu..")
          .layer("image")
          .definedBy("org.vocluster.vm.image..")
          .layer("hypervisor")
          .definedBy("org.vocluster.vm.hypervisor..")
          .layer("node")
          .definedBy("org.vocluster.vm.node..")
          .layer("definition")
          .definedBy("org.vocluster.vm.definition..")
          .layer("os")
          .definedBy("org.vocluster.vm.os..")
          .whereLayer("leftover")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("qemu")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("image")
          .mayOnlyBeAccessedByLayers("leftover")
          .whereLayer("hypervisor")
          .mayOnlyBeAccessedByLayers("leftover", "qemu", "image")
          .whereLayer("node")
          .mayOnlyBeAccessedByLayers("leftover", "qemu", "image", "hypervisor")
          .whereLayer("definition")
          .mayOnlyBeAccessedByLayers("leftover", "qemu", "image", "hypervisor", "node");

  @ArchTest
  static final ArchRule noRoomIsInACircle =
      slices().matching("org.vocluster.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule programsAreRunInOnePlace =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.vocluster.vm.os..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.commons.exec..");

  /** Durations may be measured anywhere; what depends on the time of day is told it. */
  @ArchTest
  static final ArchRule oneClockIsEnough =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.vocluster.vm.os..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(System.class, "currentTimeMillis");

  /** It is on the way of hooks that start for every node: loading Guava would be felt. */
  @ArchTest
  static final ArchRule theLauncherDoesWithoutGuava =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("com.google.common..");
}
