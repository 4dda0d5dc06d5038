package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.verify.TensorRuns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;

/** Texts that are no numbers of a type: where TensorFlow stops, the file stops too, and does not read some of their digits. */
class TextNumbersTest {
    private static final List<String> NOT_REAL =
            List.of("12abc", "abc", "", "1_000", "1,5", "--3", "1 2", "+-3", "Infinity", "1d", "1f", ".");
    private static final List<String> NOT_WHOLE =
            List.of("12abc", "abc", "", " ", "+3", "1_000", "0x1A", "1e3", "1.5", "1 2", "--3", "99999999999999999999");

    @ParameterizedTest
    @EnumSource(names = {"DT_FLOAT", "DT_DOUBLE", "DT_INT32", "DT_INT64"})
    void stopTheModel(DataType type) {
        boolean isReal = ElementTypes.FLOATS.contains(type);
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            RawOps tf = new RawOps(graph);
            Output<?> x = tf.placeholder("x", DataType.DT_STRING, -1);
            Output<?> y = tf.op("StringToNumber", Map.of("out_type", type), x);
            OnnxGraph onnx = TensorFlowParity.convert(graph.toGraphDef(), List.of("x"), List.of(y));
            byte[] model =
                    OnnxWriter.write(onnx, Map.of(), new Opset(Opset.NEWEST)).toByteArray();
            for (String text : isReal ? NOT_REAL : NOT_WHOLE) {
                Map<String, TensorData> feeds = Map.of("x", TensorData.ofTexts(List.of("7", text), 2));
                assertThatThrownBy(() -> TensorRuns.tensorFlow(session, List.of(RawOps.tensorName(y)), feeds))
                        .as("'%s' in TensorFlow", text)
                        .isNotNull();
                assertThatThrownBy(() -> TensorRuns.onnx(model, feeds))
                        .as("'%s' in ONNX Runtime", text)
                        .isNotNull();
            }
            Map<String, TensorData> large = Map.of("x", TensorData.ofTexts(List.of("3000000000"), 1));
            if (type == DataType.DT_INT32) {
                assertThatThrownBy(() -> TensorRuns.onnx(model, large)).isNotNull();
            } else {
                assertThat(TensorRuns.onnx(model, large).get(0).doubleAt(0)).isEqualTo(3e9);
            }
        }
    }
}
