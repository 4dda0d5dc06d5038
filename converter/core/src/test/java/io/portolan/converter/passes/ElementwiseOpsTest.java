package io.portolan.converter.passes;

import static org.assertj.core.api.Assertions.assertThat;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.TensorShape;
import io.portolan.converter.ir.TensorType;
import io.portolan.converter.ir.Value;
import io.portolan.converter.onnx.OnnxWriter;
import io.portolan.converter.verify.TensorRuns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whether the operators listed as elementwise are so in ONNX Runtime: an operator is elementwise if, and only if, it commutes with
 * a transpose. Sizes are multiples of the processor's vector length, so that no element is computed in a remainder loop.
 */
class ElementwiseOpsTest {
    private static final long[] PERMUTATION = {2, 0, 1};

    private static final List<OnnxType> TYPES = List.of(OnnxType.FLOAT, OnnxType.BOOL, OnnxType.INT32);

    /** An operator between inputs of the graph and its output, with a transpose before or after it. */
    private static final class Exchange {
        private final OnnxGraph graph = new OnnxGraph("exchange");
        private final GraphBuilder b = new GraphBuilder(graph);
        private final Map<String, TensorData> feeds = new LinkedHashMap<>();

        private Exchange(StandardOp op, List<OnnxType> types, TensorShape shape, boolean before) {
            List<Value> inputs = new ArrayList<>();
            for (OnnxType type : types) {
                // The bounds of Clip are scalars.
                TensorShape own = op == StandardOp.CLIP && !inputs.isEmpty() ? TensorShape.SCALAR : shape;
                Value input = graph.addInput("x" + inputs.size(), new TensorType(type, own));
                feeds.put(input.name(), numbers(type, own.sizes(), inputs.size()));
                inputs.add(before && own.rank() > 0 ? b.transpose(input, PERMUTATION) : input);
            }
            Attributes attributes = switch (op) {
                case CAST -> Attributes.of("to", OnnxType.INT32.number());
                case MOD -> types.get(0).isFloating() ? Attributes.of("fmod", 1) : Attributes.NONE;
                case BIT_SHIFT -> Attributes.of("direction", "RIGHT");
                default -> Attributes.NONE;
            };
            Value y = b.apply(op, attributes, inputs.toArray(Value[]::new));
            graph.bindOutput("y", before ? y : b.transpose(y, PERMUTATION));
        }

        /**
         * Numbers around 0, without 0; floating-point ones include infinities and NaN. Different for each input.
         */
        private static TensorData numbers(OnnxType type, long[] shape, int seed) {
            double[] numbers = new double[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
            Random random = new Random(seed);
            for (int i = 0; i < numbers.length; i++) {
                double size = type.isFloating() ? random.nextGaussian() : 1 + random.nextInt(9);
                numbers[i] = type == OnnxType.BOOL
                        ? random.nextInt(2)
                        : type.isUnsigned() || random.nextBoolean() ? size : -size;
            }
            if (type.isFloating() && shape.length > 0) {
                numbers[3] = Double.NaN;
                numbers[14] = Double.POSITIVE_INFINITY;
                numbers[25] = Double.NEGATIVE_INFINITY;
                numbers[36] = -0.0;
            }
            return TensorData.ofDoubles(type, numbers, shape);
        }

        private TensorData result() throws Exception {
            return TensorRuns.onnx(OnnxWriter.write(graph, Map.of()).toByteArray(), feeds)
                    .get(0);
        }
    }

    static Stream<StandardOp> elementwise() {
        return Stream.of(StandardOp.values()).filter(StandardOp::isElementwise);
    }

    static Stream<StandardOp> others() {
        return Stream.of(StandardOp.values()).filter(op -> !op.isElementwise());
    }

    /** Element types that an operator accepts with that many inputs. */
    private static Stream<List<OnnxType>> types(StandardOp op, int inputs) {
        return switch (op) {
            case WHERE -> Stream.of(List.of(OnnxType.BOOL, OnnxType.FLOAT, OnnxType.FLOAT));
            case BIT_SHIFT -> Stream.of(List.of(OnnxType.UINT32, OnnxType.UINT32));
            default -> TYPES.stream().map(type -> Collections.nCopies(inputs, type));
        };
    }

    private static Optional<Exchange> exchange(StandardOp op, List<OnnxType> types, TensorShape shape, boolean before) {
        try {
            return Optional.of(new Exchange(op, types, shape, before));
        } catch (IllegalArgumentException otherInputs) {
            return Optional.empty();
        }
    }

    @ParameterizedTest
    @MethodSource("elementwise")
    void transposesSinkThrough(StandardOp op) throws Exception {
        Exchange exchange = types(op, op.maxInputs())
                .flatMap(types -> exchange(op, types, TensorShape.of(2, 4, 8), true).stream())
                .findFirst()
                .orElseThrow();
        TensorData expected = exchange.result();

        new SinkTransposes().apply(exchange.graph);
        new DeadCode().apply(exchange.graph);

        assertThat(exchange.graph.nodes()).extracting(node -> node.op()).containsExactly(op, StandardOp.TRANSPOSE);
        assertThat(exchange.result()).isEqualTo(expected);
    }

    /** An operator that is elementwise but not listed would stop transposes without need. */
    @ParameterizedTest
    @MethodSource("others")
    void noOtherOperatorMayBeExchangedWithATranspose(StandardOp op) {
        TensorShape cube = TensorShape.of(4, 4, 4);
        boolean isExchangeable = false;
        for (int inputs = op.minInputs(); inputs <= Math.min(3, op.maxInputs()); inputs++) {
            for (List<OnnxType> types : types(op, inputs).toList()) {
                isExchangeable |= isExchangeable(op, types, cube);
            }
        }
        assertThat(isExchangeable).isFalse();
    }

    private static boolean isExchangeable(StandardOp op, List<OnnxType> types, TensorShape cube) {
        Optional<Exchange> before = exchange(op, types, cube, true);
        Optional<Exchange> behind = exchange(op, types, cube, false);
        try {
            return before.isPresent()
                    && behind.isPresent()
                    && before.get().result().equals(behind.get().result());
        } catch (Exception needsOtherInputs) {
            return false;
        }
    }
}
