package io.portolan.converter.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import org.junit.jupiter.api.Test;

/** Which outputs are compared as coarsely as their arithmetic is. */
class ResolutionTest {
    private final OnnxGraph graph = new OnnxGraph("test");
    private final GraphBuilder b = new GraphBuilder(graph);
    private final Value x = graph.addInput("x", new TensorType(OnnxType.FLOAT, TensorShape.of(3)));

    @Test
    void onlyOutputsThatDependOnHalvesAreCoarse() {
        Value coarse = b.cast(b.neg(b.cast(x, OnnxType.FLOAT16)), OnnxType.FLOAT);
        assertThat(Resolution.of(graph, coarse)).isEqualTo(0x1p-9);
        assertThat(Resolution.of(graph, b.neg(x))).isZero();
    }

    @Test
    void weightsThatAreStoredAsHalvesAreExact() {
        Value half = b.constant(TensorData.ofDoubles(OnnxType.FLOAT16, new double[] {1, 2, 3}, 3));
        assertThat(Resolution.of(graph, b.add(x, b.cast(half, OnnxType.FLOAT)))).isZero();
    }
}
