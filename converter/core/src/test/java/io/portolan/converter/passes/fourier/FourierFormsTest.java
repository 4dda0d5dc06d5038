package io.portolan.converter.passes.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.passes.Pass;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.RuntimeOptions;
import io.portolan.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both lowerings of Fourier transforms agree; other tests compare the matrix products with TensorFlow. */
class FourierFormsTest {
    private static final int WIDTH = 7;

    /** Relative to the largest element. Seen: 1.1e-6; the DFT of ONNX Runtime rounds more than the products do. */
    private static final float RELATIVE = 2e-6f;

    @ParameterizedTest
    @EnumSource(FourierOp.class)
    void bothFormsComputeTheSame(FourierOp op) {
        List<Tensor> products = run(op, new LowerFourierToMatMul(), Opset.DEFAULT);
        for (int version : new int[] {17, 20}) {
            List<Tensor> transforms = run(op, new LowerFourierToDft(), new Opset(version));
            for (int i = 0; i < products.size(); i++) {
                assertThat(transforms.get(i).shape()).isEqualTo(products.get(i).shape());
                float[] expected = products.get(i).floats();
                float[] actual = transforms.get(i).floats();
                float largest = 0;
                for (float element : expected) {
                    largest = Math.max(largest, Math.abs(element));
                }
                for (int k = 0; k < expected.length; k++) {
                    assertThat(actual[k])
                            .as("%s, opset %d, output %d[%d]", op, version, i, k)
                            .isCloseTo(expected[k], within(RELATIVE * largest));
                }
            }
        }
    }

    private static List<Tensor> run(FourierOp op, Pass lowering, Opset opset) {
        OnnxGraph graph = new OnnxGraph("test");
        GraphBuilder b = new GraphBuilder(graph);
        long columns = op.kind() == FourierOp.Kind.TO_REAL ? FourierOp.columns(WIDTH) : WIDTH;
        List<Dim> dims = new ArrayList<>(List.of(Dim.symbol("batch"), Dim.of(5), Dim.of(6), Dim.of(columns)));
        dims.subList(1, 4 - op.axes()).clear();
        TensorType type = new TensorType(OnnxType.FLOAT, new TensorShape(dims));
        Map<String, Tensor> feeds = new HashMap<>();
        Value[] inputs = new Value[op.minInputs()];
        Random random = new Random(5);
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = graph.addInput("x" + i, type);
            long[] shape = dims.stream().mapToLong(dim -> dim.size().orElse(2)).toArray();
            float[] values = new float[(int) Arrays.stream(shape).reduce(1, Math::multiplyExact)];
            for (int k = 0; k < values.length; k++) {
                values[k] = (float) random.nextGaussian();
            }
            feeds.put("x" + i, Tensor.of(values, shape));
        }
        Attributes attributes =
                op.kind() == FourierOp.Kind.TO_REAL ? Attributes.of(FourierOp.WIDTH, WIDTH) : Attributes.NONE;
        List<Value> outputs = b.node(op, attributes, inputs);
        for (int i = 0; i < outputs.size(); i++) {
            graph.bindOutput("y" + i, outputs.get(i));
        }
        lowering.apply(graph);
        try (OnnxModel model = OnnxModel.load(
                op.name(), OnnxWriter.write(graph, Map.of(), opset).toByteArray(), RuntimeOptions.defaults())) {
            Map<String, Tensor> results = model.run(feeds);
            return outputs.size() == 1 ? List.of(results.get("y0")) : List.of(results.get("y0"), results.get("y1"));
        }
    }
}
