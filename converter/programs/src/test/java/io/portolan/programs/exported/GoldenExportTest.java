package io.portolan.programs.exported;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portolan.programs.About;
import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Listing;
import io.portolan.programs.Program;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.Block;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Operation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every file of {@code jax.export} that JAX 0.10.2 wrote for the tests, against what JAX said about it. */
class GoldenExportTest {
    private static final Set<String> NOT_OPERATIONS = Set.of("module", "func", "return", "cond", "reducer");
    private static final Pattern OPERATION =
            Pattern.compile("^(?:%\\S+ = )?\"?(?:(?:stablehlo|func)\\.)?([a-z_0-9]+)\"?[ (.].*");

    @ParameterizedTest
    @MethodSource("io.portolan.programs.GoldenProgram#all")
    void argumentsAndResultsAreThoseOfJax(GoldenProgram golden) throws Exception {
        Program program = ProgramFiles.read(golden.exported(), golden.name());
        About about = About.of(golden);
        assertEquals("jax.export, VHLO 1.15.0", program.form());
        assertEquals(List.of("cpu"), program.platforms());
        assertEquals(strong(about.list("inputs")), types(program.arguments()));
        assertEquals(strong(about.list("outputs")), types(program.results()));
        List<String> used = new ArrayList<>();
        for (int i = 0; i < program.arguments().size(); i++) {
            if (program.arguments().get(i).isUsed()) {
                used.add(Integer.toString(i));
            }
        }
        assertEquals(about.list("kept"), used);
    }

    @ParameterizedTest
    @MethodSource("io.portolan.programs.GoldenProgram#all")
    void pathsAreThoseOfJax(GoldenProgram golden) throws Exception {
        Program program = ProgramFiles.read(golden.exported(), golden.name());
        boolean isModel = About.of(golden).has("model");
        Set<String> paths = new TreeSet<>();
        program.arguments().stream()
                .map(argument -> "in" + argument.path())
                .filter(path -> !isModel || !path.startsWith("in[0]"))
                .forEach(paths::add);
        boolean isRecorded = !About.of(golden).has("expect");
        program.results().stream().filter(result -> isRecorded).forEach(result -> paths.add("out" + result.path()));
        Set<String> recorded = recorded(golden);
        recorded.retainAll(paths);
        assertEquals(paths, recorded);
    }

    /** The operations of all functions in order, against those of the text that JAX printed of the same module. */
    @ParameterizedTest
    @MethodSource("io.portolan.programs.GoldenProgram#all")
    void operationsAreThoseOfTheText(GoldenProgram golden) throws Exception {
        Program program = ProgramFiles.read(golden.exported(), golden.name());
        List<String> read = new ArrayList<>();
        program.module().functions().values().forEach(function -> addNames(function.body(), read));
        List<String> printed = new String(golden.text(), StandardCharsets.UTF_8)
                .lines()
                .map(line -> OPERATION.matcher(line.strip()))
                .filter(Matcher::matches)
                .map(found -> found.group(1))
                .filter(name -> !NOT_OPERATIONS.contains(name))
                .toList();
        assertEquals(printed, read);
    }

    private static void addNames(Block block, List<String> names) {
        for (Operation operation : block.operations()) {
            names.add(operation.name().substring(operation.name().indexOf('.') + 1));
            boolean isOneLine = operation.name().equals("stablehlo.reduce")
                    && operation.region(0).operations().size() == 1
                    && operation.regions().size() == 1;
            if (!isOneLine) {
                operation.regions().forEach(region -> addNames(region, names));
            }
        }
    }

    @Test
    void aFileReadsAsItsBytes(@TempDir Path folder) throws Exception {
        GoldenProgram golden = new GoldenProgram("trees");
        Path file = Files.write(folder.resolve("program.jaxexport"), golden.exported());
        assertEquals(
                Listing.of(ProgramFiles.read(golden.exported(), "").module()),
                Listing.of(ProgramFiles.read(file).module()));
    }

    @Test
    void operationsHaveTheNamesOfJax() throws Exception {
        Program program = ProgramFiles.read(new GoldenProgram("mlp").exported(), "mlp");
        List<String> locations = new ArrayList<>();
        program.module()
                .functions()
                .values()
                .forEach(function ->
                        function.body().operations().forEach(operation -> locations.add(operation.location())));
        assertTrue(locations.stream().anyMatch(name -> name.endsWith("/dot_general")), locations.toString());
    }

    /** Without the sign of types that yield to others when JAX traces them. */
    private static List<String> strong(List<String> types) {
        return types.stream().map(type -> type.replace("~", "")).toList();
    }

    private static List<String> types(List<Program.Argument> leaves) {
        return leaves.stream()
                .map(leaf -> name(leaf.element()) + "[" + String.join(",", leaf.shape()) + "]")
                .toList();
    }

    private static String name(ElementType element) {
        return switch (element) {
            case I1 -> "bool";
            case BF16 -> "bfloat16";
            case C64 -> "complex64";
            case C128 -> "complex128";
            default ->
                switch (element.kind()) {
                    case SIGNED -> "int" + element.bits();
                    case UNSIGNED -> "uint" + element.bits();
                    default -> "float" + element.bits();
                };
        };
    }

    private static Set<String> recorded(GoldenProgram golden) throws IOException {
        Set<String> names = new TreeSet<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(golden.bytes("io.npz")))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                names.add(entry.getName().replaceAll("(:bfloat16)?\\.npy$", ""));
            }
        }
        return names;
    }
}
