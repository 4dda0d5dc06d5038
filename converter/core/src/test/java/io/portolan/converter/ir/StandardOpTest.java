package io.portolan.converter.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portolan.converter.onnx.ModelChecker;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.onnx.OpSchema;
import org.bytedeco.onnx.OpSchemaRegistry;
import org.bytedeco.onnx.StringAttributeMap;
import org.bytedeco.onnx.StringVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares the rows of {@link StandardOp} with ONNX's own definitions in every opset. */
class StandardOpTest {
    /** The numbers that ONNX gives the types of attributes. */
    private static final Map<Integer, Class<? extends Attribute>> ATTRIBUTE_TYPES = Map.of(
            1,
            Attribute.Real.class,
            2,
            Attribute.Int.class,
            3,
            Attribute.Text.class,
            5,
            Attribute.Subgraph.class,
            6,
            Attribute.Reals.class,
            7,
            Attribute.Ints.class,
            8,
            Attribute.Texts.class);

    /** Operators whose result IEEE 754 defines to the bit, so that evaluating them beforehand changes nothing. */
    private static final Set<StandardOp> ROUNDED_CORRECTLY = EnumSet.of(
            StandardOp.ADD,
            StandardOp.SUB,
            StandardOp.MUL,
            StandardOp.DIV,
            StandardOp.NEG,
            StandardOp.SQRT,
            StandardOp.RECIPROCAL,
            StandardOp.CAST,
            StandardOp.IDENTITY);

    /** Those that are evaluated for truth values and integers, or whose results are truth values or elements of their operands. */
    private static final Set<StandardOp> EXACT = EnumSet.of(
            StandardOp.AND,
            StandardOp.OR,
            StandardOp.NOT,
            StandardOp.MAX,
            StandardOp.MIN,
            StandardOp.RANGE,
            StandardOp.NON_ZERO,
            StandardOp.SCATTER_ELEMENTS,
            StandardOp.SCATTER_ND,
            StandardOp.FLOOR,
            StandardOp.CEIL,
            StandardOp.ROUND,
            StandardOp.WHERE,
            StandardOp.EQUAL,
            StandardOp.LESS,
            StandardOp.LESS_OR_EQUAL,
            StandardOp.GREATER,
            StandardOp.GREATER_OR_EQUAL);

    private static IntStream opsets(StandardOp op) {
        assumeTrue(ModelChecker.isAvailable(), "no ONNX checker for this machine");
        return op.domain().equals(Opset.ML_DOMAIN)
                ? IntStream.of(Opset.ML_VERSION)
                : IntStream.rangeClosed(Math.max(op.since(), Opset.OLDEST), ModelChecker.NEWEST_OPSET);
    }

    private static OpSchema schema(StandardOp op, int opset) {
        return OpSchemaRegistry.Schema(op.opName(), opset, op.domain());
    }

    @ParameterizedTest
    @EnumSource
    void onnxHasTheOperatorSinceTheOpsetGiven(StandardOp op) {
        opsets(op)
                .forEach(opset -> assertThat(schema(op, opset).isNull())
                        .as("in opset %d", opset)
                        .isFalse());
        IntStream.range(Opset.OLDEST, op.since()).forEach(opset -> {
            OpSchema older = schema(op, opset);
            assertThat(older == null || older.isNull())
                    .as("not yet in opset %d", opset)
                    .isTrue();
        });
    }

    @ParameterizedTest
    @EnumSource
    void onnxTakesAsManyInputs(StandardOp op) {
        opsets(op).forEach(opset -> {
            int attributes =
                    op.olderForm().filter(older -> opset < older.until()).isPresent() ? 1 : 0;
            OpSchema schema = schema(op, opset);
            assertThat(op.minInputs() - attributes).as("opset %d", opset).isGreaterThanOrEqualTo(schema.min_input());
            assertThat(op.maxInputs() - attributes).as("opset %d", opset).isLessThanOrEqualTo(schema.max_input());
        });
    }

    @ParameterizedTest
    @EnumSource
    void theAttributesAreThoseOfOnnx(StandardOp op) {
        opsets(op).forEach(opset -> {
            Stream<AttributeSpec> older =
                    op.olderForm().filter(form -> opset < form.until()).map(OlderForm::attribute).stream();
            Map<String, Class<? extends Attribute>> listed = Stream.concat(
                            op.attributes().stream()
                                    .filter(attribute -> attribute.since() <= Math.max(opset, Opset.OLDEST)),
                            older)
                    .collect(Collectors.toMap(AttributeSpec::name, AttributeSpec::type));
            assertThat(listed).as("opset %d", opset).isEqualTo(attributes(schema(op, opset)));
        });
    }

    private static Map<String, Class<? extends Attribute>> attributes(OpSchema schema) {
        Map<String, Class<? extends Attribute>> found = new TreeMap<>();
        StringAttributeMap all = schema.attributes();
        StringAttributeMap.Iterator next = all.begin();
        for (long i = 0; i < all.size(); i++, next.increment()) {
            found.put(
                    next.first().getString(), ATTRIBUTE_TYPES.get(next.second().type()));
        }
        return found;
    }

    /** A type that came late would be written into files that ONNX does not allow. */
    @ParameterizedTest
    @EnumSource
    void theElementTypesCameWhenOnnxSays(StandardOp op) {
        Map<OnnxType, Integer> found = new TreeMap<>();
        opsets(op).forEach(opset -> elementTypes(schema(op, opset)).forEach(type -> found.putIfAbsent(type, opset)));
        found.values().removeIf(opset -> opset <= Math.max(op.since(), Opset.OLDEST));
        assertThat(op.newerTypes()).isEqualTo(found);
    }

    private static Set<OnnxType> elementTypes(OpSchema schema) {
        String parameter = schema.inputs().get(0).GetTypeStr().getString();
        for (long i = 0; i < schema.typeConstraintParams().size(); i++) {
            OpSchema.TypeConstraintParam constraint =
                    schema.typeConstraintParams().get(i);
            if (constraint.type_param_str().getString().equals(parameter)) {
                StringVector allowed = constraint.allowed_type_strs();
                Set<String> names = IntStream.range(0, (int) allowed.size())
                        .mapToObj(index -> allowed.get(index).getString())
                        .collect(Collectors.toSet());
                return Stream.of(OnnxType.values())
                        .filter(type -> names.contains("tensor(" + type.name().toLowerCase(Locale.ROOT) + ")"))
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(OnnxType.class)));
            }
        }
        return Set.of();
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatIsExactIsEvaluatedBeforehand(StandardOp op) {
        if (op.isEvaluated()) {
            assertThat(op.movesElements() || ROUNDED_CORRECTLY.contains(op) || EXACT.contains(op))
                    .isTrue();
        }
    }

    @Test
    void anOperatorIsWrittenFromTheOpsetOnThatItsNodeNeeds() {
        OnnxGraph graph = new OnnxGraph("opsets");
        GraphBuilder b = new GraphBuilder(graph);
        Value bytes = graph.addInput("bytes", new TensorType(OnnxType.UINT8, TensorShape.of(2)));
        Value halves = graph.addInput("halves", new TensorType(OnnxType.FLOAT16, TensorShape.of(2)));
        b.add(bytes, bytes);
        b.add(halves, halves);
        b.apply(StandardOp.IS_INF, halves);
        b.apply(StandardOp.CUM_SUM, halves, b.constant(TensorData.ofLongs(0).reshaped()));
        b.reshape(graph.addInput("none", new TensorType(OnnxType.FLOAT, TensorShape.of(0, 3))), 3, 0);
        b.apply(
                StandardOp.SCATTER_ND,
                Attributes.of("reduction", "max"),
                halves,
                b.constant(TensorData.ofLongs(0).reshaped(1, 1)),
                b.cast(b.constant(TensorData.ofLongs(1)), OnnxType.FLOAT16));
        b.reduce(StandardOp.REDUCE_MAX, halves, true, 0);

        Map<String, Integer> first = new TreeMap<>();
        graph.nodes().forEach(node -> first.put(node.name(), ((StandardOp) node.op()).firstOpset(node)));

        assertThat(first)
                .containsEntry("Add", 14)
                .containsEntry("Add_1", 13)
                .containsEntry("IsInf", 20)
                .containsEntry("CumSum", 14)
                .containsEntry("Reshape", 14)
                .containsEntry("ScatterND", 18)
                .containsEntry("ReduceMax", 13);
    }

    @Test
    void aMisspeltAttributeFailsWhenTheNodeIsBuilt() {
        OnnxGraph graph = new OnnxGraph("attributes");
        GraphBuilder b = new GraphBuilder(graph);
        Value x = graph.addInput("x", new TensorType(OnnxType.FLOAT, TensorShape.of(1, 1, 4, 4)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> b.apply(StandardOp.MAX_POOL, Attributes.of("kenrel_shape", List.of(2L, 2L)), x))
                .withMessageContainingAll("MaxPool has no attribute kenrel_shape", "Ints kernel_shape");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> b.apply(StandardOp.CONCAT, Attributes.of("axis", List.of(1L)), x, x))
                .withMessageContainingAll("Concat has no attribute axis of type Ints", "Int axis");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> b.apply(StandardOp.EXP, Attributes.of("axis", 1), x))
                .withMessageContaining("Exp has no attribute axis");
        assertThat(graph.nodes()).isEmpty();
    }
}
