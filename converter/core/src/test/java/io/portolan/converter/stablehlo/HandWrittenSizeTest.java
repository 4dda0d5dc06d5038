package io.portolan.converter.stablehlo;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.PassPipeline;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.stablehlo.ops.StandardLowerings;
import io.portolan.converter.xla.GoldenSample;
import io.portolan.programs.GoldenProgram;
import io.portolan.programs.files.ProgramFiles;
import io.portolan.programs.stablehlo.Elements;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether programs of JAX become graphs of about the size that a person needs for the same network in ONNX. */
class HandWrittenSizeTest {
    private static final double LARGEST = 1.2;

    /** The networks, with the number of nodes that each takes when it is written by hand, its parameters being constants. */
    private enum Network {
        /**
         * Patches: Transpose, Conv, Transpose, Reshape, position: Add, 5. Each of 2 blocks, 36: 2 LayerNormalization; query, key and
         * value of MatMul, Add, Reshape, Transpose, 12; Div by the root of the size, MatMul, Softmax, MatMul, Transpose, Reshape, MatMul,
         * Add, 8; two additions of the residual; MatMul, Add, the 8 nodes of GELU by tanh, MatMul, Add, 12. LayerNormalization,
         * ReduceMean, MatMul, Add, 4.
         */
        vit(
                5 + 2 * 36 + 4,
                Map.of("LayerNormalization", 5L, "Softmax", 2L, "MatMul", 17L, "Reshape", 9L, "ReduceMean", 1L)),
        /**
         * Transpose; twice Conv (with batch normalisation in its weights), Relu, MaxPool; group normalisation of Reshape,
         * InstanceNormalization, Reshape, Mul, Add; ReduceMean, MatMul, Add.
         */
        cnn_batchnorm(1 + 2 * 3 + 5 + 3, Map.of("Conv", 2L, "Relu", 2L, "MaxPool", 2L, "InstanceNormalization", 1L)),
        /** Gather; each of 2 blocks as in vit, with a mask by Where, 37; MatMul, Add. */
        decoder(1 + 2 * 37 + 2, Map.of("LayerNormalization", 4L, "Softmax", 2L, "Gather", 1L)),
        /** Transpose, GRU, Squeeze, Transpose, Gather, MatMul, Add. */
        gru(7, Map.of("GRU", 1L, "MatMul", 1L)),
        /** Transpose, LSTM, Squeeze, Transpose, Slice, Squeeze, MatMul, Add. */
        lstm(8, Map.of("LSTM", 1L, "MatMul", 1L));

        private final int byHand;
        private final Map<String, Long> counts;

        Network(int byHand, Map<String, Long> counts) {
            this.byHand = byHand;
            this.counts = counts;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProgramBecomesAGraphOfAboutTheSizeOfOneWrittenByHand(Network network) throws IOException {
        OnnxGraph graph = imported(new GoldenProgram(network.name()));

        PassPipeline.standard().run(graph);

        Map<String, Long> counts = new TreeMap<>();
        graph.allNodes().forEach(node -> counts.merge(node.op().opName(), 1L, Long::sum));
        assertThat(counts).containsAllEntriesOf(network.counts);
        assertThat(graph.allNodes().count()).isLessThanOrEqualTo((long) (LARGEST * network.byHand));
    }

    private static OnnxGraph imported(GoldenProgram golden) throws IOException {
        Map<String, Elements> parameters =
                new LinkedHashMap<>(GoldenSample.of(golden).inputs());
        // The first argument is the tree of parameters.
        parameters.keySet().removeIf(path -> !path.startsWith("[0]"));
        return new ProgramImporter(StandardLowerings.registry())
                .importProgram(ProgramFiles.read(golden.exported(), golden.name()), parameters);
    }
}
