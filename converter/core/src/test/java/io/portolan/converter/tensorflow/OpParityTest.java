package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.DataType;

/** Every supported op computes the same as TensorFlow, with every element type that its definition declares. */
class OpParityTest {
    private static final List<String> OPS = StandardHandlers.registry().definitions().stream()
            .map(OpDefinition::name)
            .toList();

    static Stream<String> ops() {
        return OPS.stream();
    }

    @ParameterizedTest
    @MethodSource("ops")
    void onnxComputesWhatTensorFlowDoes(String op) throws Exception {
        OpDefinition definition = StandardHandlers.registry().find(op).orElseThrow();
        assertThat(OpCases.of(op))
                .as("parity cases whose names begin with %s", op)
                .isNotEmpty();
        Set<DataType> tested = TensorFlowParity.check(definition, OpCases.of(op), OPS.indexOf(op));
        assertThat(tested)
                .as("element types of %s that its cases are run with", op)
                .containsAll(definition.types().all());
    }

    @Test
    void casesAreOfOpsThatAreDefined() {
        assertThat(OPS).containsAll(OpCases.ops());
    }
}
