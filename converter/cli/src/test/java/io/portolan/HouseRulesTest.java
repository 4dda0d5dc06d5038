package io.portolan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The dependency rules of docs/architecture.md. They are tested here because this module depends on all others. */
@AnalyzeClasses(
        packages = "io.portolan",
        importOptions = {DoNotIncludeTests.class, HouseRulesTest.NoTestJars.class})
class HouseRulesTest {
    /** In a whole build, other modules' tests are jars. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    private static final String CHECKPOINTS = "io.portolan.checkpoints..";
    private static final String IMAGES = "io.portolan.images..";
    private static final String RUNTIME = "io.portolan.runtime..";
    private static final String SERVER = "io.portolan.server..";
    private static final String GRPC = "io.portolan.grpc..";
    private static final String GRAPHS = "io.portolan.graphs..";
    private static final String PROGRAMS = "io.portolan.programs..";
    private static final String CONVERTER = "io.portolan.converter..";
    private static final String EXPORTER = "io.portolan.exporter..";
    private static final String CLI = "io.portolan.cli..";

    @ArchTest
    static final ArchRule NO_PACKAGES_DEPEND_ON_EACH_OTHER =
            slices().matching("io.portolan.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule CHECKPOINTS_ARE_AT_THE_GROUND = floor(CHECKPOINTS);

    @ArchTest
    static final ArchRule IMAGES_ARE_AT_THE_GROUND = floor(IMAGES);

    @ArchTest
    static final ArchRule THE_RUNTIME_NEEDS_IMAGES = floor(RUNTIME, IMAGES);

    @ArchTest
    static final ArchRule THE_SERVER_NEEDS_THE_RUNTIME = floor(SERVER, RUNTIME, IMAGES);

    @ArchTest
    static final ArchRule GRPC_NEEDS_THE_SERVER = floor(GRPC, SERVER, RUNTIME);

    @ArchTest
    static final ArchRule GRAPHS_NEED_NO_RUNTIME = floor(GRAPHS, CHECKPOINTS, IMAGES);

    @ArchTest
    static final ArchRule THE_CONVERTER_KNOWS_NO_MODEL = floor(CONVERTER, CHECKPOINTS, RUNTIME, PROGRAMS);

    @ArchTest
    static final ArchRule PROGRAMS_NEED_NOTHING = floor(PROGRAMS);

    @ArchTest
    static final ArchRule THE_EXPORTER_JOINS_GRAPHS_AND_CONVERTER =
            floor(EXPORTER, CHECKPOINTS, IMAGES, RUNTIME, GRAPHS, PROGRAMS, CONVERTER);

    @ArchTest
    static final ArchRule ONNX_RUNTIME_HAS_ONE_DOOR = only("ai.onnxruntime..", RUNTIME);

    @ArchTest
    static final ArchRule TENSORFLOW_STAYS_OUT_OF_THE_RUNTIME =
            only("org.tensorflow..", GRAPHS, CONVERTER, EXPORTER, CLI);

    @ArchTest
    static final ArchRule THE_COMMAND_LINE_IS_ON_TOP = only("picocli..", CLI);

    @ArchTest
    static final ArchRule HTTP_IS_THE_SERVERS = only("org.eclipse.jetty..", SERVER);

    @ArchTest
    static final ArchRule GRPC_IS_ITS_MODULES = only("io.grpc..", GRPC);

    @ArchTest
    static final ArchRule METRICS_ARE_THE_SERVERS = only("io.prometheus..", SERVER);

    /** Classes of a module, which may use others of Portolan's only from itself and from these. */
    private static ArchRule floor(String module, String... below) {
        DescribedPredicate<JavaClass> allowed = JavaClass.Predicates.resideInAPackage(module);
        for (String other : below) {
            allowed = allowed.or(JavaClass.Predicates.resideInAPackage(other));
        }
        return classes()
                .that()
                .resideInAPackage(module)
                .should()
                .onlyDependOnClassesThat(allowed.or(JavaClass.Predicates.resideOutsideOfPackage("io.portolan..")));
    }

    private static ArchRule only(String library, String... modules) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(modules)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
