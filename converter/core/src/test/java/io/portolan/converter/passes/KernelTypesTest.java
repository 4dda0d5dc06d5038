package io.portolan.converter.passes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.OnnxWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether ONNX Runtime has exactly the kernels that the table lists: where there is one, a cast would cost time without need. Tested
 * in the oldest opset: in newer ones ONNX Runtime can decompose some operators that it has no kernel for.
 */
class KernelTypesTest {
    /** Element types to try; operators reject those that ONNX does not allow. */
    private static final Set<OnnxType> TYPES =
            EnumSet.of(OnnxType.FLOAT, OnnxType.DOUBLE, OnnxType.INT32, OnnxType.INT64);

    static Stream<StandardOp> restricted() {
        return Stream.of(StandardOp.values()).filter(op -> op.kernelTypes().isPresent());
    }

    @ParameterizedTest
    @MethodSource("restricted")
    void theTableIsRight(StandardOp op) throws OrtException {
        Set<OnnxType> found = EnumSet.noneOf(OnnxType.class);
        for (OnnxType type : TYPES) {
            if (hasKernel(op, type)) {
                found.add(type);
            }
        }
        Set<OnnxType> listed = EnumSet.copyOf(op.kernelTypes().orElseThrow().types());
        listed.retainAll(TYPES);
        assertThat(found).isEqualTo(listed);
    }

    private static boolean hasKernel(StandardOp op, OnnxType type) throws OrtException {
        byte[] model;
        try {
            model = model(op, type).toByteArray();
        } catch (IllegalArgumentException notAllowedByOnnx) {
            return false;
        }
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
                OrtSession session = OrtEnvironment.getEnvironment().createSession(model, options)) {
            return session.getNumOutputs() > 0;
        } catch (OrtException e) {
            assertThat(e.getMessage())
                    .containsAnyOf("NOT_IMPLEMENTED", "Could not find an implementation", "Type Error");
            return false;
        }
    }

    private static OnnxMl.ModelProto model(StandardOp op, OnnxType type) {
        OnnxGraph graph = new OnnxGraph("kernel");
        GraphBuilder b = new GraphBuilder(graph);
        Form form = Form.of(op);
        Value[] inputs = form.shapes().stream()
                .map(shape -> graph.addInput("x" + shape, new TensorType(type, shape)))
                .toArray(Value[]::new);
        graph.bindOutput("y", b.node(op, form.attributes(), inputs).get(0));
        return OnnxWriter.write(graph, Map.of(), new Opset(Opset.OLDEST));
    }

    /**
     * A use of an operator.
     *
     * @param shapes those of its inputs, each another
     */
    private record Form(Attributes attributes, List<TensorShape> shapes) {
        static Form of(StandardOp op) {
            TensorShape image = TensorShape.of(1, 1, 4, 4);
            TensorShape kernel = TensorShape.of(1, 1, 1, 1);
            Attributes window = Attributes.of("kernel_shape", List.of(1L, 1L));
            return switch (op) {
                case AVERAGE_POOL -> new Form(window, List.of(image));
                case CONV -> new Form(window, List.of(image, kernel));
                case CONV_TRANSPOSE ->
                    new Form(
                            window.with("pads", List.of(0L, 0L, 0L, 0L))
                                    .with("strides", List.of(1L, 1L))
                                    .with("dilations", List.of(1L, 1L))
                                    .with("output_padding", List.of(0L, 0L)),
                            List.of(image, kernel));
                case LSTM -> recurrent(4);
                case GRU -> recurrent(3);
                case RNN -> recurrent(1);
                case UNIQUE -> new Form(Attributes.NONE, List.of(TensorShape.of(4)));
                default -> new Form(Attributes.NONE, List.of(image));
            };
        }

        private static Form recurrent(long gates) {
            return new Form(
                    Attributes.of("hidden_size", 2),
                    List.of(TensorShape.of(3, 1, 5), TensorShape.of(1, 2 * gates, 5), TensorShape.of(1, 2 * gates, 2)));
        }
    }
}
