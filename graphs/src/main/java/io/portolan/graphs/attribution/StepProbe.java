package io.portolan.graphs.attribution;

import io.portolan.graphs.cells.CellSteps;
import io.portolan.graphs.cells.CellTrace;
import io.portolan.graphs.cells.FeatureMap;
import io.portolan.graphs.cells.Notation;
import io.portolan.graphs.config.SimpleCssmConfig;
import io.portolan.graphs.model.ModelGraph;
import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Takes one cell's recurrence apart, step by step, in a model that is built by the fused plan. */
final class StepProbe {
    private final FeatureMap map;
    private final Notation notation;
    private final Ops tf;
    private final CellSteps steps;
    /** The terms' contributions to a chosen logit, then the maps of states, terms and read-out. */
    private final LogitGradients gradients;

    /**
     * @param notation of the cell
     * @param steps the cell taken apart
     */
    StepProbe(ModelGraph model, SimpleCssmConfig config, Notation notation, CellSteps steps, String path) {
        this.map = new FeatureMap(config.steps(), config.mapHeight(), config.mapWidth(), config.channels());
        this.notation = notation;
        this.steps = steps;
        this.tf = model.scope().tf();
        CellTrace trace = new CellTrace(tf, model.outputs(), path);
        this.gradients = new LogitGradients(model, config.classes(), parts(trace), this::fetched);
    }

    /** The real and imaginary parts of the model's own states, by step and then by state. */
    private List<Operand<TFloat32>> parts(CellTrace trace) {
        List<Operand<TFloat32>> parts = new ArrayList<>();
        for (int t = 0; t < map.steps(); t++) {
            for (int i = 0; i < notation.states().size(); i++) {
                parts.add(trace.state(t, i).real());
                parts.add(trace.state(t, i).imaginary());
            }
        }
        return parts;
    }

    private List<Operand<TFloat32>> fetched(List<Operand<TFloat32>> byParts) {
        List<ComplexTensor> byState = IntStream.range(0, notation.states().size())
                .mapToObj(i -> overTime(byParts, i))
                .toList();
        List<Operand<TFloat32>> fetched = new ArrayList<>();
        for (CellSteps.Term term : steps.terms()) {
            ComplexTensor gradient = byState.get(term.state());
            Operand<TFloat32> products = tf.math.add(
                    tf.math.mul(gradient.real(), term.spectrum().real()),
                    tf.math.mul(gradient.imaginary(), term.spectrum().imaginary()));
            fetched.add(tf.sum(products, tf.constant(new int[] {0, 2, 3, 4})));
            fetched.add(steps.inSpace(term.spectrum()));
        }
        steps.states().forEach(state -> fetched.add(steps.inSpace(state)));
        fetched.add(steps.output());
        return fetched;
    }

    private ComplexTensor overTime(List<Operand<TFloat32>> byParts, int state) {
        int count = notation.states().size();
        int[] shape = {-1, map.steps(), map.channels(), map.height(), map.halfWidth()};
        return ComplexTensor.stack(
                        tf,
                        IntStream.range(0, map.steps())
                                .map(t -> 2 * (t * count + state))
                                .mapToObj(at -> new ComplexTensor(tf, byParts.get(at), byParts.get(at + 1)))
                                .toList(),
                        1)
                .map(part -> tf.reshape(part, tf.constant(shape)));
    }

    StepTerms of(float[] sample, int chosenClass) {
        Iterator<float[]> values = gradients.of(sample, chosenClass).gradients().iterator();
        List<List<StepTerms.Term>> terms = notation.states().stream()
                .<List<StepTerms.Term>>map(state -> new ArrayList<>())
                .toList();
        for (CellSteps.Term term : steps.terms()) {
            double[] contributions = doubles(values.next());
            terms.get(term.state())
                    .add(new StepTerms.Term(source(term), symbol(term), maps(values.next()), contributions));
        }
        List<StepTerms.State> states = new ArrayList<>();
        for (int i = 0; i < notation.states().size(); i++) {
            states.add(new StepTerms.State(notation.states().get(i), maps(values.next()), terms.get(i)));
        }
        return new StepTerms(states, maps(values.next()));
    }

    private String source(CellSteps.Term term) {
        return term.from().isPresent() ? notation.states().get(term.from().getAsInt()) : StepTerms.INPUT;
    }

    private String symbol(CellSteps.Term term) {
        return term.from().isPresent()
                ? notation.transition().get(term.state()).get(term.from().getAsInt()) + "·" + source(term)
                : "u_" + notation.states().get(term.state());
    }

    private StepTerms.Maps maps(float[] values) {
        return new StepTerms.Maps(map.steps(), map.channels(), map.height(), map.width(), values);
    }

    private static double[] doubles(float[] values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
}
