package io.portolan.exporter.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.checkpoints.Checkpoints;
import io.portolan.converter.ConversionOptions;
import io.portolan.converter.ConversionReport;
import io.portolan.converter.ProgramConverter;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.stablehlo.ProgramImporter;
import io.portolan.converter.stablehlo.RefusedOperationsException;
import io.portolan.converter.stablehlo.ops.StandardLowerings;
import io.portolan.converter.verify.InputSample;
import io.portolan.converter.verify.RecordedReference;
import io.portolan.converter.xla.XlaReference;
import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.ProgramException;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.Elements;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that JAX 0.10 wrote, with the inputs and outputs that it computed. */
class GoldenProgramTest {
    /** Relative to the largest element of an output; XLA's own rounding is below. */
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    static Stream<GoldenProgram> programs() {
        return GoldenProgram.all().stream().filter(program -> !program.name().startsWith("refused_"));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void computesWhatJaxComputed(GoldenProgram golden) throws Exception {
        Program program = ProgramFiles.read(golden.exported(), golden.name());
        List<String> outputs = program.results().stream()
                .map(result -> ProgramImporter.outputName(result.path()))
                .toList();
        InputSample sample = InputSample.read(file(golden, "io.npz"));
        ConversionOptions defaults = ConversionOptions.defaults();
        ConversionOptions options =
                new ConversionOptions(defaults.export(), false, false, true, List.of(sample), TOLERANCE);
        ConversionReport report = new ProgramConverter()
                .convert(
                        program,
                        parameters(golden, program),
                        new RecordedReference(outputs),
                        folder.resolve("model.onnx"),
                        options);
        assertThat(report.parity()).hasSize(outputs.size());
        assertThat(folder.resolve("model.onnx")).exists();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void isTheSameFromTextAndFromBytecode(GoldenProgram golden) throws Exception {
        Map<String, Integer> expected = operators(ProgramFiles.read(golden.exported(), golden.name()));
        assertThat(operators(ProgramFiles.read(golden.text(), golden.name()))).isEqualTo(expected);
        assertThat(operators(ProgramFiles.read(bytecode(golden.exported()), golden.name())))
                .isEqualTo(expected);
    }

    static Stream<GoldenProgram> programsOfOpenSizes() throws ProgramException {
        List<GoldenProgram> open = new ArrayList<>();
        for (GoldenProgram golden : programs().toList()) {
            boolean isOpen = ProgramFiles.read(golden.exported(), golden.name()).arguments().stream()
                    .flatMap(argument -> argument.shape().stream())
                    .anyMatch(size -> !size.matches("\\d+"));
            if (isOpen) {
                open.add(golden);
            }
        }
        return open.stream();
    }

    /** At sizes that JAX recorded nothing for; XLA computes what is expected. */
    @ParameterizedTest
    @MethodSource("programsOfOpenSizes")
    void computesWhatXlaComputesAtOtherSizes(GoldenProgram golden) throws Exception {
        Program program = ProgramFiles.read(golden.exported(), golden.name());
        Map<String, Elements> parameters = parameters(golden, program);
        OnnxGraph graph = new ProgramImporter(StandardLowerings.registry()).importProgram(program, parameters);
        List<InputSample> samples =
                Stream.of(5L, 11L).map(size -> sample(graph, size)).toList();
        ConversionOptions defaults = ConversionOptions.defaults();
        ConversionOptions options = new ConversionOptions(defaults.export(), false, false, true, samples, TOLERANCE);
        try (XlaReference xla = new XlaReference(program, parameters)) {
            ConversionReport report =
                    new ProgramConverter().convert(program, parameters, xla, folder.resolve("model.onnx"), options);
            assertThat(report.parity()).hasSize(2 * program.results().size());
        }
    }

    /** Random inputs in which the symbols of sizes stand for numbers from some size on. */
    private static InputSample sample(OnnxGraph graph, long from) {
        Random random = new Random(from);
        Map<String, Long> symbols = new TreeMap<>();
        Map<String, TensorData> tensors = new TreeMap<>();
        for (Value input : graph.inputs()) {
            long[] shape = input.shape().dims().stream()
                    .mapToLong(dim -> dim.coefficient()
                            * dim.symbols().stream()
                                    .mapToLong(symbol -> symbols.computeIfAbsent(symbol, any -> from + symbols.size()))
                                    .reduce(1, (one, other) -> one * other))
                    .toArray();
            double[] numbers = new double[(int) Arrays.stream(shape).reduce(1, (one, other) -> one * other)];
            Arrays.setAll(numbers, i -> input.element().isFloating() ? random.nextGaussian() : random.nextInt(3));
            tensors.put(input.name(), TensorData.ofDoubles(input.element(), numbers, shape));
        }
        return new InputSample("sizes from " + from, tensors);
    }

    @ParameterizedTest
    @CsvSource({"refused_svd, lapack_sgesdd_ffi", "refused_eigh, lapack_ssyevd_ffi"})
    void refusesCustomCallsByName(String name, String target) throws ProgramException {
        Program program = ProgramFiles.read(new GoldenProgram(name).exported(), name);
        assertThatThrownBy(() -> operators(program))
                .isInstanceOf(RefusedOperationsException.class)
                .hasMessageContaining("stablehlo.custom_call @" + target);
    }

    private static Map<String, Integer> operators(Program program) {
        OnnxGraph graph = new ProgramImporter(StandardLowerings.registry()).importProgram(program, Map.of());
        Map<String, Integer> counts = new TreeMap<>();
        graph.allNodes().forEach(node -> counts.merge(node.op().opName(), 1, Integer::sum));
        return counts;
    }

    private Map<String, Elements> parameters(GoldenProgram golden, Program program) throws IOException {
        return golden.has("params.pkl")
                ? ProgramParameters.of(program, Checkpoints.read(file(golden, "params.pkl")))
                        .arrays()
                : Map.of();
    }

    private Path file(GoldenProgram golden, String name) throws IOException {
        return Files.write(folder.resolve(name), golden.bytes(name));
    }

    /** The bytecode in a file of jax.export: a vector of bytes, with its length before it. */
    private static byte[] bytecode(byte[] exported) {
        ByteBuffer file = ByteBuffer.wrap(exported).order(ByteOrder.LITTLE_ENDIAN);
        int magic = ByteBuffer.wrap(new byte[] {'M', 'L', (byte) 0xEF, 'R'})
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        for (int at = Integer.BYTES; at <= exported.length - Integer.BYTES; at++) {
            if (file.getInt(at) == magic) {
                return Arrays.copyOfRange(exported, at, at + file.getInt(at - Integer.BYTES));
            }
        }
        throw new IllegalArgumentException("holds no bytecode");
    }
}
