package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

class TensorFlowImporterTest {
    private final Graph graph = new Graph();
    private final RawOps tf = new RawOps(graph);
    private final Output<?> x = tf.placeholder("x", DataType.DT_FLOAT, -1, 4);

    @AfterEach
    void close() {
        graph.close();
    }

    private OnnxGraph importTo(Output<?> output) {
        return new TensorFlowImporter(StandardHandlers.registry())
                .importGraph(
                        graph.toGraphDef(),
                        Map.of("x", "image"),
                        Map.of(output.op().name(), "logits"));
    }

    @Test
    void inputsAndOutputsTakeTheNamesGiven() {
        OnnxGraph onnx = importTo(tf.op("Exp", x));
        assertThat(onnx.inputs()).extracting(Value::toString).containsExactly("image: FLOAT(batch, 4)");
        assertThat(onnx.outputs()).containsOnlyKeys("logits");
    }

    @Test
    void onlyWhatTheOutputsNeedIsRead() {
        tf.op("RandomShuffle", x);
        assertThat(importTo(tf.op("Exp", x)).nodes()).hasSize(1);
    }

    @Test
    void allUnsupportedOpsAreNamedAtOnce() {
        Output<?> y = tf.op("RandomShuffle", tf.op("Qr", tf.op("RandomShuffle", x)));
        assertThatExceptionOfType(UnsupportedOpsException.class)
                .isThrownBy(() -> importTo(y))
                .satisfies(e -> assertThat(e.nodesByOp()).containsOnlyKeys("Qr", "RandomShuffle"))
                .satisfies(e -> assertThat(e.nodesByOp().get("RandomShuffle")).hasSize(2))
                .withMessageContaining("Qr at Qr_case_");
    }

    @Test
    void typesThatAnOpIsNotSupportedForAreNamedWithIt() {
        Output<?> integers = tf.op("Cast", Map.of("DstT", DataType.DT_UINT16), x);
        Output<?> near = tf.op("ApproximateEqual", integers, integers);
        Output<?> y = tf.op("Qr", tf.op("Cast", Map.of("DstT", DataType.DT_FLOAT), near));
        assertThatExceptionOfType(UnsupportedOpsException.class)
                .isThrownBy(() -> importTo(y))
                .satisfies(e -> assertThat(e.nodesByOp()).containsOnlyKeys("Qr", "ApproximateEqual of DT_UINT16"));
    }

    @Test
    void whereThereIsAWayAroundItIsTold() {
        Output<?> noise = tf.op("RandomStandardNormal", Map.of("dtype", DataType.DT_FLOAT), tf.ints(4));
        assertThatExceptionOfType(UnsupportedOpsException.class)
                .isThrownBy(() -> importTo(tf.op("AddV2", x, noise)))
                .withMessageContaining("RandomStandardNormal at RandomStandardNormal_case_")
                .withMessageContaining("feed them as an input");
    }

    @Test
    void aNodeThatCannotBeConvertedIsNamedWithWhatWasExpected() {
        Output<?> axis = tf.op("Cast", Map.of("DstT", DataType.DT_INT32), tf.op("Sum", x, tf.ints(0, 1)));
        Output<?> y = tf.op("ExpandDims", x, axis);
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importTo(y))
                .withMessageContaining("Node ExpandDims_case_")
                .withMessageContaining("(ExpandDims)")
                .withMessageContaining("expected a constant as input 1");
    }

    @Test
    void aPlaceholderThatIsNoInputIsNamed() {
        Output<?> y = tf.op("Add", x, tf.placeholder("dropout", DataType.DT_FLOAT));
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importTo(y))
                .withMessageContaining("Node dropout (Placeholder)");
    }

    @Test
    void aComplexOutputHasAnAxisOfItsParts() {
        OnnxGraph onnx = importTo(tf.op("Complex", x, x));
        assertThat(onnx.outputs().values().iterator().next().shape().toString()).endsWith(", 2)");
    }

    @Test
    void unknownNamesAreReported() {
        TensorFlowImporter importer = new TensorFlowImporter(StandardHandlers.registry());
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importer.importGraph(graph.toGraphDef(), Map.of("y", "y"), Map.of("x", "z")))
                .withMessageContaining("no node y, which input y refers to");
        assertThatExceptionOfType(ConversionException.class)
                .isThrownBy(() -> importer.importGraph(graph.toGraphDef(), Map.of("x", "x"), Map.of("x:one", "z")))
                .withMessageContaining("not a tensor name");
    }

    @Test
    void equalGraphsGiveEqualBytes() {
        Output<?> y = tf.op("Softmax", tf.op("MatMul", x, tf.weights(4, 3)));
        assertThat(bytes(importTo(y))).isEqualTo(bytes(importTo(y)));
    }

    private static byte[] bytes(OnnxGraph onnx) {
        PassPipeline.standard().run(onnx);
        return OnnxWriter.write(onnx, Map.of("model", "test")).toByteArray();
    }

    @Test
    void aDeepGraphNeedsNoDeepStack() {
        Output<?> y = x;
        for (int i = 0; i < 20_000; i++) {
            y = tf.op("Neg", y);
        }
        assertThat(importTo(y).nodes()).hasSize(20_000);
    }

    @Test
    void anOpCanBeDefinedOnce() {
        OpDefinition exp = OpDefinition.op("Exp", ElementTypes.FLOATS).real(node -> node.input(0));
        assertThat(HandlerRegistry.of(List.of(List.of(exp))).definitions()).containsExactly(exp);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> HandlerRegistry.of(List.of(List.of(exp), List.of(exp))))
                .withMessageContaining("Exp");
    }
}
