package io.throughline.pipeline;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way: schemas, connectors and domain know nothing of the pipeline, stages not of each other. */
@AnalyzeClasses(packages = "io.throughline", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule theDomainKnowsNothingButJava = noClasses()
            .that()
            .resideInAPackage("io.throughline.domain..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", "javax.crypto..", "org.jspecify..", "io.throughline.domain..");

    @ArchTest
    static final ArchRule theDomainHasNoClockNoChanceNoOutput = noClasses()
            .that()
            .resideInAPackage("io.throughline.domain..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(java.util.Random.class, java.time.Clock.class, java.io.PrintStream.class);

    @ArchTest
    static final ArchRule connectorsKnowNoRules = noClasses()
            .that()
            .resideInAnyPackage("io.throughline.kafka..", "io.throughline.elasticsearch..", "io.throughline.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.throughline.domain..", "io.throughline.pipeline..");

    @ArchTest
    static final ArchRule stagesOfTheDomainDoNotGoRoundInCircles =
            slices().matching("io.throughline.domain.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule onlyThePipelineKnowsFlinksStreams = noClasses()
            .that()
            .resideInAnyPackage("io.throughline.domain..", "io.throughline.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule wordsThatSayNothingNameNothing = noClasses()
            .that()
            // Flink's own word for its worker processes.
            .doNotHaveSimpleName("TaskManager")
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl");
}
