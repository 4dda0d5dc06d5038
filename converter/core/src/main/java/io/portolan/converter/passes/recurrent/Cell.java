package io.portolan.converter.passes.recurrent;

import static io.portolan.converter.ir.StandardOp.ADD;
import static io.portolan.converter.ir.StandardOp.MUL;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Patterns;
import io.portolan.converter.passes.recurrent.Activation.Applied;
import io.portolan.converter.passes.recurrent.Layer.Gate;
import io.portolan.converter.passes.recurrent.Recurrence.State;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The step of a recurrent layer that a body may compute. In the equations, x is the input, h the hidden state, σ and φ are activations,
 * · the elementwise product, and an affine argument may be computed gate by gate or for all gates at once.
 */
enum Cell {
    /** {@code c' = σ(f)·c + σ(i)·φ(g)} and {@code h' = σ(o)·φ(c')}, where f, i, g and o are affine in x and h. */
    LSTM {
        @Override
        Optional<Layer> of(Recurrence loop, State hidden) {
            return loop.states().stream()
                    .filter(cell -> cell != hidden)
                    .flatMap(cell -> lstm(loop, hidden, cell).stream())
                    .findFirst();
        }
    },
    /**
     * {@code h' = σ(z)·h + (1 - σ(z))·φ(n)}, where z and r are affine in x and h, and n is either {@code a + σ(r)·b} with a affine in x
     * and b in h, or affine in x and {@code σ(r)·h}.
     */
    GRU {
        @Override
        Optional<Layer> of(Recurrence loop, State hidden) {
            return gru(loop, hidden);
        }
    },
    /** {@code h' = φ(a)}, where a is affine in x and h. */
    RNN {
        @Override
        Optional<Layer> of(Recurrence loop, State hidden) {
            Affine.Finder affine = loop.affineIn(loop.step(), hidden.before());
            return Activation.of(hidden.after(), loop.body())
                    .flatMap(next -> affine.of(next.argument())
                            .map(argument -> new Layer(
                                    StandardOp.RNN,
                                    List.of(hidden),
                                    List.of(Gate.of(argument, loop, hidden)),
                                    List.of(next.activation()),
                                    Attributes.NONE)));
        }
    };

    /** The layer, if this is the step that computes a hidden state. */
    abstract Optional<Layer> of(Recurrence loop, State hidden);

    private static Optional<Layer> lstm(Recurrence loop, State hidden, State cell) {
        GraphBuilder b = loop.body();
        Optional<Product> output =
                product(hidden.after(), b).filter(h -> h.other().argument() == cell.after());
        Optional<Node> sum = Patterns.node(ADD, cell.after(), b);
        if (output.isEmpty() || sum.isEmpty()) {
            return Optional.empty();
        }
        return Patterns.eitherOrder(
                sum.get(),
                (kept, made) -> besides(cell.before(), kept, b)
                        .flatMap(forget -> product(made, b).flatMap(input -> {
                            List<Applied> applied =
                                    List.of(input.gate(), output.get().gate(), forget, input.other());
                            boolean isOneKind = Stream.of(output.get().gate(), forget)
                                    .allMatch(gate -> gate.activation()
                                            .equals(input.gate().activation()));
                            Optional<List<Gate>> gates = gates(applied, loop, hidden);
                            return gates.filter(found -> isOneKind)
                                    .map(found -> new Layer(
                                            StandardOp.LSTM,
                                            List.of(hidden, cell),
                                            found,
                                            List.of(
                                                    input.gate().activation(),
                                                    input.other().activation(),
                                                    output.get().other().activation()),
                                            Attributes.NONE));
                        })));
    }

    private static Optional<Layer> gru(Recurrence loop, State hidden) {
        GraphBuilder b = loop.body();
        return Patterns.node(ADD, hidden.after(), b)
                .flatMap(sum -> Patterns.eitherOrder(
                        sum,
                        (kept, made) -> besides(hidden.before(), kept, b)
                                .flatMap(update -> candidate(made, kept, hidden, b)
                                        .flatMap(candidate -> resetAfter(loop, hidden, update, candidate)
                                                .or(() -> resetBefore(loop, hidden, update, candidate))))));
    }

    /** φ(n) in {@code (1 - σ(z))·φ(n)}, where σ(z) is the factor of h. */
    private static Optional<Applied> candidate(Value made, Value kept, State hidden, GraphBuilder b) {
        return Patterns.node(MUL, made, b)
                .flatMap(product -> Patterns.eitherOrder(
                        product,
                        (rest, candidate) -> Patterns.node(StandardOp.SUB, rest, b)
                                .filter(difference -> Patterns.isNumber(difference.input(0), 1)
                                        && Patterns.isProduct(kept, difference.input(1), hidden.before(), b))
                                .flatMap(difference -> Activation.of(candidate, b))));
    }

    private static Optional<Layer> resetAfter(Recurrence loop, State hidden, Applied update, Applied candidate) {
        GraphBuilder b = loop.body();
        Affine.Finder ofInput = loop.affineIn(loop.step());
        Affine.Finder ofHidden = loop.affineIn(hidden.before());
        return Patterns.node(ADD, candidate.argument(), b)
                .flatMap(sum -> Patterns.eitherOrder(
                        sum,
                        (input, scaled) -> Patterns.node(MUL, scaled, b)
                                .flatMap(product -> Patterns.eitherOrder(product, (gate, state) -> {
                                    Optional<Applied> reset = Activation.of(gate, b);
                                    Optional<Affine> a = ofInput.of(input);
                                    Optional<Affine> c = ofHidden.of(state);
                                    return reset.isEmpty() || a.isEmpty() || c.isEmpty()
                                            ? Optional.empty()
                                            : gru(
                                                    loop,
                                                    hidden,
                                                    update,
                                                    reset.get(),
                                                    candidate,
                                                    new Gate(
                                                            a.get().of(loop.step(), loop.features()),
                                                            c.get()
                                                                    .of(
                                                                            hidden.before(),
                                                                            c.get()
                                                                                    .columns()),
                                                            a.get().bias(),
                                                            c.get().bias()),
                                                    true);
                                }))));
    }

    private static Optional<Layer> resetBefore(Recurrence loop, State hidden, Applied update, Applied candidate) {
        GraphBuilder b = loop.body();
        for (Node node : b.graph().nodes()) {
            Optional<Applied> reset = node.op() == MUL ? besides(hidden.before(), node.output(), b) : Optional.empty();
            Optional<Affine> argument = reset.isEmpty()
                    ? Optional.empty()
                    : loop.affineIn(loop.step(), node.output()).of(candidate.argument());
            if (argument.isPresent()) {
                int units = argument.get().columns();
                return gru(
                        loop,
                        hidden,
                        update,
                        reset.get(),
                        candidate,
                        new Gate(
                                argument.get().of(loop.step(), loop.features()),
                                argument.get().of(node.output(), units),
                                argument.get().bias(),
                                new double[units]),
                        false);
            }
        }
        return Optional.empty();
    }

    private static Optional<Layer> gru(
            Recurrence loop,
            State hidden,
            Applied update,
            Applied reset,
            Applied candidate,
            Gate last,
            boolean isResetAfter) {
        if (!update.activation().equals(reset.activation())) {
            return Optional.empty();
        }
        return gates(List.of(update, reset), loop, hidden).map(first -> {
            List<Gate> all = new ArrayList<>(first);
            all.add(last);
            return new Layer(
                    StandardOp.GRU,
                    List.of(hidden),
                    all,
                    List.of(update.activation(), candidate.activation()),
                    isResetAfter ? Attributes.of("linear_before_reset", 1) : Attributes.NONE);
        });
    }

    /** The weights of gates whose arguments are affine in the input and the hidden state. */
    private static Optional<List<Gate>> gates(Collection<Applied> gates, Recurrence loop, State hidden) {
        Affine.Finder affine = loop.affineIn(loop.step(), hidden.before());
        List<Optional<Affine>> arguments =
                gates.stream().map(gate -> affine.of(gate.argument())).toList();
        return arguments.stream().allMatch(Optional::isPresent)
                ? Optional.of(arguments.stream()
                        .map(argument -> Gate.of(argument.orElseThrow(), loop, hidden))
                        .toList())
                : Optional.empty();
    }

    /** A product of two activations, the first of which is a gate. */
    private record Product(Applied gate, Applied other) {}

    private static final List<String> GATES = List.of("Sigmoid", "HardSigmoid");

    private static Optional<Product> product(Value value, GraphBuilder b) {
        return Patterns.node(MUL, value, b)
                .flatMap(node -> Patterns.eitherOrder(
                        node,
                        (one, other) -> Activation.of(one, b)
                                .filter(gate -> GATES.contains(gate.activation().name()))
                                .flatMap(gate -> Activation.of(other, b).map(factor -> new Product(gate, factor)))));
    }

    /** The activation that a product multiplies a variable with. */
    private static Optional<Applied> besides(Value variable, Value product, GraphBuilder b) {
        return Patterns.node(MUL, product, b)
                .flatMap(node -> Patterns.eitherOrder(
                        node, (one, other) -> one == variable ? Activation.of(other, b) : Optional.empty()));
    }
}
