package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;

class HandlerCoverageTest {
    @Test
    void everySupportedOpHasAParityCase() {
        Set<String> tested = new TreeSet<>();
        Stream.of(ElementwiseParityTest.cases(), ArrayParityTest.cases(), SlicingParityTest.cases(),
                        ReductionParityTest.cases(), MatrixParityTest.cases(), ConvolutionParityTest.cases(),
                        ComplexParityTest.cases(), FourierParityTest.cases())
                .flatMap(cases -> cases)
                .forEach(parity -> collectOps(parity, tested));
        assertThat(tested).containsAll(StandardHandlers.registry().ops());
    }

    private static void collectOps(ParityCase parity, Set<String> ops) {
        try (Graph graph = new Graph()) {
            parity.build(graph);
            graph.toGraphDef().getNodeList().forEach(node -> ops.add(node.getOp()));
        }
    }
}
