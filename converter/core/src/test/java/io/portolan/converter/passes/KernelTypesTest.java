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
        Attributes attributes = Attributes.NONE;
        TensorShape shape = TensorShape.of(1, 1, 4, 4);
        switch (op) {
            case CONV, AVERAGE_POOL -> attributes = Attributes.of("kernel_shape", List.of(1L, 1L));
            case CONV_TRANSPOSE ->
                attributes = Attributes.of("kernel_shape", List.of(1L, 1L))
                        .with("pads", List.of(0L, 0L, 0L, 0L))
                        .with("strides", List.of(1L, 1L))
                        .with("dilations", List.of(1L, 1L))
                        .with("output_padding", List.of(0L, 0L));
            case UNIQUE -> shape = TensorShape.of(4);
            default -> {}
        }
        Value x = graph.addInput("x", new TensorType(type, shape));
        Value y = op == StandardOp.CONV || op == StandardOp.CONV_TRANSPOSE
                ? b.apply(op, attributes, x, graph.addInput("w", new TensorType(type, TensorShape.of(1, 1, 1, 1))))
                : b.apply(op, attributes, x);
        graph.bindOutput("y", y);
        return OnnxWriter.write(graph, Map.of(), new Opset(Opset.OLDEST));
    }
}
