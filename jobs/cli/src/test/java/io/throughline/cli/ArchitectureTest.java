package io.throughline.cli;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Set;

/**
 * Dependencies point one way: from the command line to everything else, from the pipeline to domain, connectors and
 * schemas. It is here because from here every module can be seen.
 */
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
            .resideInAnyPackage(
                    "io.throughline.kafka..",
                    "io.throughline.elasticsearch..",
                    "io.throughline.delivery..",
                    "io.throughline.intake..",
                    "io.throughline.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.throughline.domain..", "io.throughline.pipeline..");

    /** Delivery takes from a topic what it hands on. */
    @ArchTest
    static final ArchRule connectorsDoNotKnowEachOther = slices().matching(
                    "io.throughline.(kafka|elasticsearch|delivery|intake)..")
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    JavaClass.Predicates.resideInAPackage("io.throughline.delivery.."),
                    JavaClass.Predicates.resideInAPackage("io.throughline.kafka.."));

    @ArchTest
    static final ArchRule nobodyKnowsTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage("io.throughline.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.throughline.cli..");

    /** What is simulated must not know how it is judged, or the one would be made for the other. */
    @ArchTest
    static final ArchRule scenariosKnowOnlySchemasAndKafka = noClasses()
            .that()
            .resideInAPackage("io.throughline.scenarios..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.throughline.domain..",
                    "io.throughline.pipeline..",
                    "io.throughline.elasticsearch..",
                    "io.throughline.dashboard..",
                    "io.throughline.local..");

    @ArchTest
    static final ArchRule theDashboardReadsDocumentsAndNothingElse = noClasses()
            .that()
            .resideInAPackage("io.throughline.dashboard..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.throughline.pipeline..",
                    "io.throughline.kafka..",
                    "io.throughline.elasticsearch..",
                    "io.throughline.schemas..",
                    "io.throughline.scenarios..",
                    "io.throughline.local..");

    @ArchTest
    static final ArchRule thePipelineRunsWithoutToolsAroundIt = noClasses()
            .that()
            .resideInAPackage("io.throughline.pipeline..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.throughline.scenarios..",
                    "io.throughline.dashboard..",
                    "io.throughline.intake..",
                    "io.throughline.local..");

    /** What others collect is read before there is any pipeline; it stays plain Java. */
    @ArchTest
    static final ArchRule intakeKnowsSchemasAndParsers = noClasses()
            .that()
            .resideInAPackage("io.throughline.intake..")
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages(
                    "java..",
                    "org.jspecify..",
                    "com.fasterxml.jackson..",
                    "io.cloudevents..",
                    "io.throughline.schemas..",
                    "io.throughline.intake..");

    @ArchTest
    static final ArchRule localServersKnowNothingOfWhatRunsOnThem = noClasses()
            .that()
            .resideInAPackage("io.throughline.local..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.throughline.domain..",
                    "io.throughline.pipeline..",
                    "io.throughline.scenarios..",
                    "io.throughline.dashboard..");

    @ArchTest
    static final ArchRule stagesOfTheDomainDoNotGoRoundInCircles =
            slices().matching("io.throughline.domain.(*)..").should().beFreeOfCycles();

    /**
     * Metrics are made of sessions and issues, and ingest takes in people's decisions on identifiers; apart from that no
     * stage's rules know another's.
     */
    @ArchTest
    static final ArchRule stagesOfTheDomainDoNotKnowEachOther = slices().assignedFrom(
                    stagesOf("io.throughline.domain."))
            .should()
            .notDependOnEachOther()
            .ignoreDependency(
                    JavaClass.Predicates.resideInAPackage("io.throughline.domain.measure.."),
                    JavaClass.Predicates.resideInAPackage("io.throughline.domain.sessionize.."))
            .ignoreDependency(
                    JavaClass.Predicates.resideInAPackage("io.throughline.domain.ingest.."),
                    JavaClass.Predicates.resideInAPackage("io.throughline.domain.stitch.."));

    /** What one stage hands to the next is all that the next knows of it. */
    @ArchTest
    static final ArchRule stagesOfThePipelineKnowOnlyWhatTheyAreHanded = slices().assignedFrom(
                    stagesOf("io.throughline.pipeline."))
            .should()
            .notDependOnEachOther()
            .ignoreDependency(alwaysTrue(), simpleName("Stitched"))
            .ignoreDependency(alwaysTrue(), simpleName("Sessionized"));

    @ArchTest
    static final ArchRule onlyThePipelineAndConnectorsKnowFlink = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.throughline.pipeline..", "io.throughline.kafka..", "io.throughline.elasticsearch..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink..");

    @ArchTest
    static final ArchRule wordsThatSayNothingNameNoClass = noClasses()
            .that()
            // Flink's own word for its worker processes.
            .doNotHaveSimpleName("TaskManager")
            .should()
            .haveNameMatching(
                    ".*[.$](\\w*(Util|Utils|Helper|Helpers|Manager|Impl|Common)|(Util|Helper|Common)[A-Z]\\w*)");

    @ArchTest
    static final ArchRule wordsThatSayNothingNameNoPackage = noClasses()
            .should()
            .resideInAnyPackage(
                    "..util..",
                    "..utils..",
                    "..common..",
                    "..helper..",
                    "..helpers..",
                    "..manager..",
                    "..managers..",
                    "..impl..");

    private static SliceAssignment stagesOf(String parent) {
        Set<String> stages = Set.of("ingest", "stitch", "sessionize", "measure", "alert", "index");
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
                String name = javaClass.getPackageName();
                String last = name.substring(name.lastIndexOf('.') + 1);
                return name.equals(parent + last) && stages.contains(last)
                        ? SliceIdentifier.of(last)
                        : SliceIdentifier.ignore();
            }

            @Override
            public String getDescription() {
                return "stages of " + parent;
            }
        };
    }
}
