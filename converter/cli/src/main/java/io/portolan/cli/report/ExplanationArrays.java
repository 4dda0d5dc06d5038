package io.portolan.cli.report;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.attribution.AttentionMaps;
import io.portolan.graphs.attribution.BilinearApproximation;
import io.portolan.graphs.attribution.CellObservation;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.attribution.StepTerms;
import io.portolan.graphs.attribution.Transition;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/**
 * An explanation as arrays, for an {@code .npz} file: all that the report draws, and the terms of every step. Names and shapes
 * are listed in {@code docs/explain.md}; the first axis is that of the images where an array depends on them.
 */
public final class ExplanationArrays {
    private final Explanation explanation;
    private final Map<String, ArrayData> arrays = new LinkedHashMap<>();

    private ExplanationArrays(Explanation explanation) {
        this.explanation = explanation;
    }

    /** The arrays by name, float32. */
    public static Map<String, ArrayData> of(Explanation explanation) {
        ExplanationArrays all = new ExplanationArrays(explanation);
        all.ofImages();
        explanation.cells().forEach(all::ofCell);
        return all.arrays;
    }

    private void ofImages() {
        List<Explanation.Sample> samples = explanation.samples();
        long[] shape = explanation.config().input().sampleShape();
        ofEach("input", samples, shape, Explanation.Sample::input);
        ofEach(
                "logits",
                samples,
                new long[] {explanation.labels().size()},
                sample -> floats(sample.prediction().logits().stream()
                        .mapToDouble(Float::doubleValue)
                        .toArray()));
        number("explained_class", samples, Explanation.Sample::chosenClass);
        planes("temporal_maps", samples, sample -> sample.temporal().maps());
        ofEach(
                "temporal",
                samples,
                new long[] {samples.get(0).temporal().maps().size()},
                sample -> floats(sample.temporal().perFrame()));
        ofEach(
                "integrated_gradients",
                samples,
                shape,
                sample -> sample.integrated().values());
        if (!samples.get(0).rollout().isEmpty()) {
            planes("attention_rollout", samples, Explanation.Sample::rollout);
        }
        number("integrated_gained", samples, sample -> sample.integrated().gained());
        for (String path : samples.get(0).mechanisms().mechanisms().keySet()) {
            number(
                    "mechanism/" + path,
                    samples,
                    sample -> sample.mechanisms().mechanisms().get(path).mean());
            number(
                    "mechanism_kernel_only/" + path,
                    samples,
                    sample -> sample.mechanisms().mechanisms().get(path).ofKernel());
        }
        for (String path : samples.get(0).mechanisms().kernels().keySet()) {
            plane(
                    "kernel_gradient/" + path,
                    samples,
                    sample -> sample.mechanisms().kernels().get(path));
        }
    }

    private void ofCell(Explanation.Cell cell) {
        String path = cell.path() + "/";
        List<CellObservation> seen = cell.observations();
        cell.gateSummary()
                .forEach((gate, summary) ->
                        put(path + "gate_summary/" + gate, new long[] {2}, (float) summary.recipe(), (float)
                                summary.value()));
        seen.get(0)
                .gates()
                .keySet()
                .forEach(gate ->
                        planes(path + "gate/" + gate, seen, one -> one.gates().get(gate)));
        seen.get(0)
                .gatesInSpace()
                .keySet()
                .forEach(gate -> planes(
                        path + "gate_in_space/" + gate,
                        seen,
                        one -> one.gatesInSpace().get(gate)));
        seen.get(0)
                .states()
                .keySet()
                .forEach(state -> planes(
                        path + "state_magnitude/" + state,
                        seen,
                        one -> one.states().get(state)));
        if (!cell.steps().isEmpty()) {
            ofTerms(path, cell.steps(), StepTerms::states, "from_");
            maps(path + "read_out", cell.steps(), StepTerms::readOut);
        }
        arrays.putAll(KernelArrays.of(cell.path(), cell.kernels()));
        cell.filters().forEach(filters -> {
            stack(path + "filters/" + filters.name(), filters.ofThemselves());
            plane(path + "filters/" + filters.name() + "/mean", filters.mean());
        });
        cell.transition().ifPresent(known -> ofTransition(path, known));
        cell.receptiveField().ifPresent(field -> stack(path + "receptive_field", field.maps()));
        for (int i = 0; i < cell.attention().get(0).size(); i++) {
            int layer = i;
            ofAttention(
                    path,
                    cell.attention().stream().map(layers -> layers.get(layer)).toList());
        }
        cell.approximations().ifPresent(runs -> ofApproximation(path + "simplified/", runs));
    }

    private void ofTransition(String path, Transition transition) {
        int states = transition.magnitudes().size();
        put(
                path + "transition",
                new long[] {states, states},
                floats(transition.magnitudes().stream()
                        .flatMap(List::stream)
                        .mapToDouble(Double::doubleValue)
                        .toArray()));
        plane(path + "spectral_radius", transition.radius());
        plane(path + "spectral_radius_largest", transition.largestRadius());
    }

    private void ofAttention(String path, List<AttentionMaps> layers) {
        String name = path + "attention_among_" + layers.get(0).among().label();
        ofEach(name, layers, layers.get(0).shape(), AttentionMaps::weights);
    }

    private void ofApproximation(String path, List<BilinearApproximation.Run> runs) {
        runs.get(0).gates().forEach((gate, value) -> put(path + "gate/" + gate, new long[0], value.floatValue()));
        ofTerms(path, runs, BilinearApproximation.Run::terms, "");
        runs.get(0)
                .products()
                .keySet()
                .forEach(name -> maps(
                        path + "product/" + name, runs, run -> run.products().get(name)));
    }

    /** States and their terms. */
    private <T> void ofTerms(String path, List<T> runs, Function<T, List<StepTerms.State>> states, String prefix) {
        List<StepTerms.State> first = states.apply(runs.get(0));
        for (int i = 0; i < first.size(); i++) {
            int state = i;
            String symbol = first.get(i).symbol();
            maps(
                    path + "state/" + symbol,
                    runs,
                    run -> states.apply(run).get(state).maps());
            Map<String, Integer> ofSource = new HashMap<>();
            for (int j = 0; j < first.get(i).terms().size(); j++) {
                int number = j;
                Function<T, StepTerms.Term> term =
                        run -> states.apply(run).get(state).terms().get(number);
                String source = first.get(i).terms().get(j).source();
                int count = ofSource.merge(source, 1, Integer::sum);
                String name = symbol + "/" + (source.equals(StepTerms.INPUT) ? source : prefix + source)
                        + (count == 1 ? "" : "_" + count);
                maps(path + "term/" + name, runs, term.andThen(StepTerms.Term::maps));
                int steps = first.get(i).terms().get(j).contributions().length;
                if (steps > 0) {
                    ofEach(
                            path + "contribution/" + name,
                            runs,
                            new long[] {steps},
                            term.andThen(one -> floats(one.contributions())));
                }
            }
        }
    }

    /** Maps of every channel (N, T, C, H, W), and under {@code mean/} their means (N, T, H, W). */
    private <T> void maps(String name, List<T> runs, Function<T, StepTerms.Maps> part) {
        StepTerms.Maps shape = part.apply(runs.get(0));
        ofEach(
                name,
                runs,
                new long[] {shape.steps(), shape.channels(), shape.height(), shape.width()},
                part.andThen(StepTerms.Maps::values));
        planes("mean/" + name, runs, part.andThen(StepTerms.Maps::means));
    }

    private <T> void planes(String name, List<T> runs, Function<T, List<Plane>> part) {
        ofEach(name, runs, KernelArrays.shape(part.apply(runs.get(0))), part.andThen(Plane::joined));
    }

    private <T> void plane(String name, List<T> runs, Function<T, Plane> part) {
        Plane first = part.apply(runs.get(0));
        ofEach(name, runs, new long[] {first.height(), first.width()}, part.andThen(Plane::values));
    }

    private <T> void number(String name, List<T> runs, ToDoubleFunction<T> part) {
        ofEach(name, runs, new long[0], run -> new float[] {(float) part.applyAsDouble(run)});
    }

    private <T> void ofEach(String name, List<T> runs, long[] shape, Function<T, float[]> part) {
        put(
                name,
                LongStream.concat(LongStream.of(runs.size()), Arrays.stream(shape))
                        .toArray(),
                joinedValues(runs.stream().map(part).toList()));
    }

    private void plane(String name, Plane plane) {
        put(name, new long[] {plane.height(), plane.width()}, plane.values());
    }

    private void stack(String name, List<Plane> planes) {
        arrays.put(name, KernelArrays.stacked(planes));
    }

    private void put(String name, long[] shape, float... values) {
        arrays.put(name, ArrayData.ofFloats(shape, values));
    }

    private static float[] joinedValues(List<float[]> parts) {
        int size = parts.get(0).length;
        float[] all = new float[Math.multiplyExact(parts.size(), size)];
        for (int i = 0; i < parts.size(); i++) {
            System.arraycopy(parts.get(i), 0, all, i * size, size);
        }
        return all;
    }

    private static float[] floats(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }
}
