package io.portolan.converter.stablehlo.rewrites;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.stablehlo.ConvertedProgram;
import io.portolan.converter.xla.XlaProgram;
import io.portolan.programs.Program;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A program of float32 arguments {@code %arg0}, {@code %arg1}, … whose only result is {@code %r}. */
final class RewrittenProgram {
    private final List<TensorType> arguments;
    private final Program program;

    RewrittenProgram(List<TensorType> arguments, String result, String body) throws IOException {
        this.arguments = arguments;
        String parameters = IntStream.range(0, arguments.size())
                .mapToObj(i -> "%arg" + i + ": " + arguments.get(i))
                .collect(Collectors.joining(", "));
        String text = """
                module @rewritten {
                  func.func public @main(%s) -> %s {
                    %s
                    return %%r : %s
                  }
                }
                """.formatted(parameters, result, body, result);
        this.program = ProgramFiles.read(text.getBytes(StandardCharsets.UTF_8), "rewritten.mlir");
    }

    /** The size of the result of an operation after the rewrites. */
    List<Long> size(String operation) {
        return Rewrites.apply(program.module().main().body()).operations().stream()
                .filter(found -> found.name().equals("stablehlo." + operation))
                .findFirst()
                .orElseThrow()
                .result()
                .tensor()
                .dims();
    }

    /** Compares what ONNX Runtime computes after the rewrites with what XLA computes from the program as it is written. */
    void assertAgreesWithXla() {
        List<Elements> inputs = inputs();
        Elements expected;
        try (XlaProgram xla = new XlaProgram(program)) {
            expected = xla.run(inputs).get(0);
        }
        TensorData got = ConvertedProgram.run(
                program,
                inputs.stream()
                        .map(input -> new TensorData(OnnxType.FLOAT, shape(input.type()), input.bytes()))
                        .toList());
        assertThat(got.shape()).isEqualTo(shape(expected.type()));
        for (int i = 0; i < expected.held(); i++) {
            // Sums of up to 80 products of numbers of order 1 in float32; 4e-6 was measured.
            assertThat(got.doubles()[i]).isCloseTo(expected.doubleAt(i), within(2e-5));
        }
    }

    private List<Elements> inputs() {
        Random random = new Random(5);
        List<Elements> inputs = new ArrayList<>();
        for (TensorType type : arguments) {
            ByteBuffer bytes =
                    ByteBuffer.allocate((int) type.count() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            while (bytes.hasRemaining()) {
                bytes.putFloat((float) random.nextGaussian());
            }
            inputs.add(new Elements(type, bytes.flip()));
        }
        return inputs;
    }

    private static long[] shape(TensorType type) {
        return type.dims().stream().mapToLong(Long::longValue).toArray();
    }
}
