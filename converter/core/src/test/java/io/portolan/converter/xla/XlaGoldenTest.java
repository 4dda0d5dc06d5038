package io.portolan.converter.xla;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * XLA in TensorFlow computes what JAX recorded: integers and booleans exactly, floats within 1e-5 of the largest, or within four times the
 * change that last bits of the inputs make.
 */
@Tag("slow")
class XlaGoldenTest {
    private static final double TOLERANCE = 1e-5;
    private static final int NOISE = 4;

    /** What XLA cannot run, and what it says. */
    private static final Map<String, String> REFUSED = Map.of(
            "linear_algebra", "custom calls to lapack_spotrf_ffi, lapack_strsm_ffi",
            "refused_eigh", "custom calls to lapack_ssyevd_ffi",
            "refused_svd", "custom calls to lapack_sgesdd_ffi",
            // Its recorded image has 9 rows, but it was exported for even numbers of them.
            "symbolic_image", "Module shape refinement failed");

    static List<GoldenProgram> readable() {
        return GoldenProgram.all().stream()
                .filter(golden -> !REFUSED.containsKey(golden.name()))
                .toList();
    }

    static List<GoldenProgram> refused() {
        return REFUSED.keySet().stream().map(GoldenProgram::new).toList();
    }

    @ParameterizedTest
    @MethodSource("readable")
    void agreesWithJax(GoldenProgram golden) throws Exception {
        Program program = ProgramFiles.read(golden.exported(), golden.name());
        GoldenSample sample = GoldenSample.of(golden);
        List<Elements> inputs = sample.usedInputs(program);
        List<Elements> expected = sample.outputs(program);
        try (XlaProgram xla = new XlaProgram(program)) {
            List<Elements> actual = xla.run(inputs);
            assertEquals(expected.size(), actual.size());
            List<Elements> changed = null;
            for (int i = 0; i < expected.size(); i++) {
                Elements want = expected.get(i);
                Elements got = actual.get(i);
                assertEquals(want.type(), got.type());
                ElementType part = want.type().element().part();
                if (!part.isFloat()) {
                    assertEquals(
                            want.expanded(),
                            got.expanded(),
                            program.results().get(i).path());
                } else if (difference(want, got) > TOLERANCE) {
                    changed = changed == null ? xla.run(lastBits(inputs)) : changed;
                    assertTrue(
                            difference(want, got) <= NOISE * difference(got, changed.get(i)),
                            program.results().get(i).path() + " differs by " + difference(want, got));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("refused")
    void saysWhatItCannotRun(GoldenProgram golden) throws Exception {
        Program program = ProgramFiles.read(golden.exported(), golden.name());
        try (XlaProgram xla = new XlaProgram(program)) {
            List<Elements> inputs = GoldenSample.of(golden).usedInputs(program);
            String message =
                    assertThrows(XlaException.class, () -> xla.run(inputs)).getMessage();
            assertTrue(message.contains(REFUSED.get(golden.name())), message);
            assertTrue(message.contains("recorded samples"), message);
            assertEquals(1, message.lines().count());
        }
    }

    /** The largest difference, relative to the largest finite number; infinite if other elements are infinite or not a number. */
    private static double difference(Elements expected, Elements actual) {
        double[] want = numbers(expected);
        double[] got = numbers(actual);
        double largest = Double.MIN_NORMAL;
        double difference = 0;
        for (int i = 0; i < want.length; i++) {
            if (Double.isFinite(want[i]) && Double.isFinite(got[i])) {
                largest = Math.max(largest, Math.abs(want[i]));
                difference = Math.max(difference, Math.abs(want[i] - got[i]));
            } else if (Double.compare(want[i], got[i]) != 0) {
                return Double.POSITIVE_INFINITY;
            }
        }
        return difference / largest;
    }

    private static double[] numbers(Elements elements) {
        ElementType part = elements.type().element().part();
        ByteBuffer bytes = elements.expanded();
        Elements parts = new Elements(TensorType.of(part, bytes.remaining() / part.bytes()), bytes);
        double[] numbers = new double[parts.held()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = parts.doubleAt(i);
        }
        return numbers;
    }

    /** The inputs with the last bit of every f32 changed up or down, reproducibly. */
    private static List<Elements> lastBits(List<Elements> inputs) {
        List<Elements> changed = new ArrayList<>();
        Random random = new Random(1);
        for (Elements input : inputs) {
            if (input.type().element().part() != ElementType.F32) {
                changed.add(input);
                continue;
            }
            ByteBuffer from = input.expanded();
            ByteBuffer to = ByteBuffer.allocate(from.remaining()).order(ByteOrder.LITTLE_ENDIAN);
            while (from.hasRemaining()) {
                float number = from.getFloat();
                to.putFloat(random.nextBoolean() ? Math.nextUp(number) : Math.nextDown(number));
            }
            changed.add(new Elements(input.type(), to.flip()));
        }
        return changed;
    }
}
