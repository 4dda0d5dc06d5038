package io.portolan.graphs.cells;

import io.portolan.graphs.ops.ComplexTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.tensorflow.op.Ops;

/**
 * A {@link RankOneSystem} that is solved step by step. Channel {@code i·C + c} of its state S is the component i of the key for
 * channel c of the value.
 *
 * @param columns S_·i after every step, by step and then by i, {@code (B, heads, d, H, F)} each
 */
record SolvedRule(RankOneSystem rule, List<List<ComplexTensor>> columns) implements TakenApart {
    @Override
    public List<State> states(Ops tf, FeatureMap map) {
        List<RankOneSystem.Terms> byStep = new ArrayList<>();
        TimeSlices at = new TimeSlices(tf);
        for (int t = 0; t < columns.size(); t++) {
            byStep.add(rule.terms(tf, at, t, t == 0 ? zeros(tf) : columns.get(t - 1)));
        }
        return List.of(new State(
                new StepValues.Spectra(map, columns),
                List.of(
                        term(map, OptionalInt.of(0), "α·K̂·S", byStep, RankOneSystem.Terms::kept),
                        term(map, OptionalInt.of(0), "−α·K̂·β·(S k̄)kᵀ", byStep, RankOneSystem.Terms::forgotten),
                        term(map, OptionalInt.empty(), "β·v k̄ᵀ", byStep, RankOneSystem.Terms::learned))));
    }

    private List<ComplexTensor> zeros(Ops tf) {
        return columns.get(0).stream().map(column -> column.map(tf::zerosLike)).toList();
    }

    private static Term term(
            FeatureMap map,
            OptionalInt from,
            String symbol,
            List<RankOneSystem.Terms> byStep,
            Function<RankOneSystem.Terms, List<ComplexTensor>> part) {
        return new Term(
                from,
                Optional.of(symbol),
                new StepValues.Spectra(map, byStep.stream().map(part).toList()));
    }
}
