package io.portolan.converter.passes;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.GraphRewriter;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.RandomOp;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ConversionException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoublePredicate;

/**
 * Removes random numbers that have no influence, as in a dropout that keeps everything: of a number {@code u} from 0 up to 1, {@code u ≥ rate} is
 * true if the rate is at most 0, and {@code floor(1 + u)} is 1. The latter holds in every type, as TensorFlow draws {@code u} such that
 * {@code 1 + u} is a number of the type, so that the sum does not round up to 2.
 */
public final class RandomMasks implements Pass {
    /** Comparisons of a random number, on the left, that are true for all of them if the number on the right is such. */
    private static final Map<StandardOp, DoublePredicate> CERTAIN = Map.of(
            StandardOp.GREATER_OR_EQUAL, rate -> rate <= 0,
            StandardOp.GREATER, rate -> rate < 0,
            StandardOp.LESS, keep -> keep >= 1);

    @Override
    public String name() {
        return "random-masks";
    }

    @Override
    public boolean isRequired() {
        return true;
    }

    /** @throws ConversionException if a result depends on random numbers */
    @Override
    public void apply(OnnxGraph graph) {
        GraphRewriter.rewrite(graph, (node, b) -> mask(node, b).map(List::of));
        if (graph.allNodes().noneMatch(RandomMasks::isRandom)) {
            return;
        }
        new DeadCode().apply(graph);
        graph.allNodes().filter(RandomMasks::isRandom).findFirst().ifPresent(node -> {
            String path = node.name().replaceFirst("/" + node.op().opName() + "(_\\d+)?$", "");
            throw new ConversionException(
                    "Node " + path + " (" + node.op().opName()
                            + "): random numbers differ in every runtime; expected those of a dropout that keeps"
                            + " everything, where keep_prob is the constant 1 or the rate is 0, or to be fed as an input",
                    ConversionException.Remedy.FIX_INPUT);
        });
    }

    private static boolean isRandom(Node node) {
        return node.op() instanceof RandomOp;
    }

    /** What a node is if it computes the same for all random numbers. */
    private static Optional<Value> mask(Node node, GraphBuilder b) {
        if (node.op() == StandardOp.FLOOR) {
            return Patterns.besides(1, StandardOp.ADD, node.input(0), b)
                    .flatMap(numbers -> uniform(numbers, node, b))
                    .map(random -> b.expand(b.like(random.output(), 1), random.input(1)));
        }
        if (node.op() instanceof StandardOp op && CERTAIN.containsKey(op)) {
            OptionalDouble bound = Patterns.number(node.input(1));
            return uniform(node.input(0), node, b)
                    .filter(random -> bound.isPresent() && CERTAIN.get(op).test(bound.getAsDouble()))
                    .map(random -> b.expand(b.constant(TensorData.scalar(OnnxType.BOOL, 1)), random.input(1)));
        }
        return Optional.empty();
    }

    /**
     * The random numbers that a value is, also if these were scaled to the interval from 0 to 1.
     *
     * @param reader the node that reads them, which must not broadcast them
     */
    private static Optional<Node> uniform(Value value, Node reader, GraphBuilder b) {
        Value numbers = Patterns.last(
                value,
                scaled -> Patterns.besides(1, StandardOp.MUL, scaled, b)
                        .or(() -> Patterns.besides(0, StandardOp.ADD, scaled, b)));
        return Patterns.node(RandomOp.UNIFORM, numbers, b)
                .filter(random -> random.output().shape().sameAs(reader.output().shape()));
    }
}
