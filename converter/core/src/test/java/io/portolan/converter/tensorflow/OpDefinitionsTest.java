package io.portolan.converter.tensorflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.tensorflow.handlers.StandardHandlers;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.OpDef;

/** Compares the definitions of ops with TensorFlow's own. */
class OpDefinitionsTest {
    /** Attributes that do not change what an op computes, or only how it fails. */
    private static final Set<String> HARMLESS = Set.of(
            // how to compute
            "use_cudnn_on_gpu",
            "grad_x",
            "grad_y",
            "grad_a",
            "grad_b",
            "sparse_gradient",
            "shape",
            "message",
            "sorted",
            "exponential_avg_factor",
            "N",
            "container",
            "shared_name",
            "use_node_name_sharing",
            "num_split",
            "num_args",
            "num_elements",
            "num_row_partition_tensors",
            "OUTPUT_RAGGED_RANK",
            // which numbers have no influence
            "seed",
            "seed2",
            // the elements of a list have it
            "element_shape",
            "validate_indices",
            "validate_shape",
            "bad_indices_policy",
            "incompatible_shape_error",
            "Tlen",
            // where a diagonal stands in a band, of which only bands of one diagonal are taken
            "align");

    static Stream<OpDefinition> definitions() {
        return StandardHandlers.registry().definitions().stream();
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void everyAttributeOfTensorFlowIsReadOrHarmless(OpDefinition definition) {
        OpDef op = TensorFlowOps.of(definition.name());
        Set<String> overlooked = new TreeSet<>();
        for (OpDef.AttrDef attribute : op.getAttrList()) {
            boolean isInputType = op.getInputArgList().stream()
                    .anyMatch(input -> input.getTypeAttr().equals(attribute.getName())
                            || input.getTypeListAttr().equals(attribute.getName())
                            || input.getNumberAttr().equals(attribute.getName()));
            if (!isInputType
                    && !HARMLESS.contains(attribute.getName())
                    && !definition.facts().attributes().contains(attribute.getName())
                    && !attribute.getName().equals(definition.facts().typeAttribute())) {
                overlooked.add(attribute.getName());
            }
        }
        // The other half of a pair of types follows from the first.
        overlooked.removeAll(Set.of("Tout", "Tcomplex", "Treal"));
        assertThat(overlooked)
                .as("attributes of %s that its handler does not read", definition.name())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void attributesAndTypesAreThoseOfTensorFlow(OpDefinition definition) {
        Map<String, OpDef.AttrDef> attributes = TensorFlowOps.of(definition.name()).getAttrList().stream()
                .collect(Collectors.toMap(OpDef.AttrDef::getName, Function.identity()));
        assertThat(attributes.keySet())
                .as("attributes of %s", definition.name())
                .containsAll(definition.facts().attributes());
        if (!definition.facts().typeAttribute().isEmpty()) {
            AttrValue.ListValue allowed = attributes
                    .get(definition.facts().typeAttribute())
                    .getAllowedValues()
                    .getList();
            if (allowed.getTypeCount() > 0) {
                assertThat(allowed.getTypeList())
                        .as("types of %s", definition.name())
                        .containsAll(definition.types().all());
            }
        }
    }
}
