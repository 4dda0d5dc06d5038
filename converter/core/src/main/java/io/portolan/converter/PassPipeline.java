package io.portolan.converter;

import io.portolan.converter.ir.GraphVerifier;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.passes.Activations;
import io.portolan.converter.passes.AffineIntoConv;
import io.portolan.converter.passes.BiasIntoConv;
import io.portolan.converter.passes.CastForKernels;
import io.portolan.converter.passes.CommonSubexpressions;
import io.portolan.converter.passes.ComposedFunctions;
import io.portolan.converter.passes.ConstantFolding;
import io.portolan.converter.passes.DeadCode;
import io.portolan.converter.passes.DropNeutralNodes;
import io.portolan.converter.passes.GeluByErf;
import io.portolan.converter.passes.GeluByTanh;
import io.portolan.converter.passes.GroupNormalization;
import io.portolan.converter.passes.KeepReducedAxes;
import io.portolan.converter.passes.LargeIntegers;
import io.portolan.converter.passes.LayerNormalization;
import io.portolan.converter.passes.LoopAsScan;
import io.portolan.converter.passes.MatMulOfRows;
import io.portolan.converter.passes.MeanAsMatMul;
import io.portolan.converter.passes.MeanOfSum;
import io.portolan.converter.passes.MergeReshapes;
import io.portolan.converter.passes.PadIntoConv;
import io.portolan.converter.passes.PaddedMaximum;
import io.portolan.converter.passes.ParametricRectifier;
import io.portolan.converter.passes.Pass;
import io.portolan.converter.passes.PoolBeforeAffine;
import io.portolan.converter.passes.PoolByPhases;
import io.portolan.converter.passes.RandomMasks;
import io.portolan.converter.passes.SinkTransposes;
import io.portolan.converter.passes.SlicesAsSplit;
import io.portolan.converter.passes.Softmax;
import io.portolan.converter.passes.SoftplusBySeries;
import io.portolan.converter.passes.SplitAfterSum;
import io.portolan.converter.passes.TransposedProduct;
import io.portolan.converter.passes.UnusedStates;
import io.portolan.converter.passes.recurrent.RecurrentLayers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Passes in the order in which they run.
 *
 * @param passes the passes; one may occur several times
 */
public record PassPipeline(List<Pass> passes) {
    public PassPipeline {
        passes = List.copyOf(passes);
    }

    /** The passes that every export runs: afterwards the graph has only standard ONNX operators and no unused nodes. */
    public static PassPipeline standard() {
        return of(FourierForm.MATMUL, WeightType.FLOAT32, Target.ANY);
    }

    /**
     * The standard passes for a form of Fourier transforms, a storage type of large weights and a target runtime.
     */
    public static PassPipeline of(FourierForm fourier, WeightType weights, Target target) {
        List<Pass> passes = new ArrayList<>(List.of(
                // First, so that all others find weights, axes and sizes as constants whichever way they were computed.
                new ConstantFolding(),
                // Now that probabilities are constants; what it leaves is neutral.
                new RandomMasks(),
                // Before pattern matching: an expression that is computed twice would look as if it had two users.
                new CommonSubexpressions(),
                // Before layouts change: it matches the gathers and scatters that the import wrote.
                new LoopAsScan(),
                new UnusedStates(),
                // After equal values are one, as patterns compare them; before transposes sink through what they
                // rewrite.
                new KeepReducedAxes(),
                new DropNeutralNodes(),
                new MeanOfSum(),
                new GroupNormalization(),
                new MergeReshapes(),
                new MatMulOfRows(),
                new MergeReshapes(),
                new DeadCode(),
                new TransposedProduct(),
                // Before transposes sink: they pass one elementwise operator.
                new ParametricRectifier(),
                new DeadCode(),
                new SlicesAsSplit(),
                new SplitAfterSum(),
                // After both, as equal transposes cancel only where they are one node; before all passes that
                // match convolutions.
                new SinkTransposes(),
                // Once more, for the constants that transposes were moved to.
                new ConstantFolding(),
                // Before passes that count the uses of a value: dead nodes count as users.
                new DeadCode(),
                // Now that nothing is left between a convolution and what is added to it.
                new PadIntoConv(),
                new AffineIntoConv(),
                new BiasIntoConv(),
                // Now that transposes are where they stay: these operators have an axis, which transposes would have to
                // change.
                new LayerNormalization(),
                new Softmax(),
                new Activations(),
                // After them, which write a sigmoid as one node.
                new RecurrentLayers(),
                new GeluByErf(),
                new GeluByTanh(),
                // After it: a shift that became a bias need not be moved past the pool.
                new PoolBeforeAffine(),
                // Before passes that count the uses of a value: dead nodes count as users.
                new DeadCode()));
        // Before nodes are duplicated, and before the matrices of transforms exist, which stay exact.
        passes.addAll(weights.passes());
        passes.addAll(List.of(
                // After the weights: it copies convolutions, and the copies then share one small weight.
                new PoolByPhases(),
                // Late, so that the passes before see one node per transform; early enough for its constants to
                // be shared.
                fourier.pass(),
                // After passes that recognise what functions are part of.
                new ComposedFunctions(),
                // After transposes, which sink through a mean but not through a product.
                new MeanAsMatMul(),
                // After pool-by-phases, which matches Softplus as one node.
                new SoftplusBySeries(),
                // After all passes that create operators.
                new CastForKernels(),
                // After all passes that compute with sizes.
                new LargeIntegers(),
                // After passes that match pools or move pads.
                new PaddedMaximum(),
                // For the consecutive reshapes that the import, transforms and means left.
                new MergeReshapes(),
                // Once more, for duplicates that the passes above created: matrices, casts, equal parts of copies.
                new CommonSubexpressions(),
                // The last one for every runtime: a file holds nothing unused.
                new DeadCode()));
        if (target == Target.OPENCV) {
            // Its versions differ in whether and how they read the operator.
            passes.removeIf(LayerNormalization.class::isInstance);
        }
        // No later pass may undo what one runtime needs, in particular by sharing constants.
        passes.addAll(target.passes());
        return new PassPipeline(passes);
    }

    /** The names of the passes that may be left out, in the order in which they run. */
    public List<String> optional() {
        return passes.stream()
                .filter(pass -> !pass.isRequired())
                .map(Pass::name)
                .distinct()
                .toList();
    }

    /**
     * Checks that a pass may be left out.
     *
     * @throws IllegalArgumentException if the name is not one of {@link #optional()}
     */
    public void requireOptional(String name) {
        if (!optional().contains(name)) {
            throw new IllegalArgumentException(
                    "there is no pass '" + name + "'; there are " + String.join(", ", optional()));
        }
    }

    /**
     * These passes without those of the given names.
     *
     * @throws IllegalArgumentException if a name is not one of {@link #optional()}
     */
    public PassPipeline without(Collection<String> names) {
        names.forEach(this::requireOptional);
        return new PassPipeline(
                passes.stream().filter(pass -> !names.contains(pass.name())).toList());
    }

    /**
     * The effect of one pass.
     *
     * @param pass its name
     * @param duration the time it took
     * @param nodesBefore the number of nodes before it
     * @param nodesAfter the number of nodes after it
     */
    public record Step(String pass, Duration duration, int nodesBefore, int nodesAfter) {}

    /** Runs all passes on a graph and reports the effect of each. With assertions enabled, the graph is verified after each pass. */
    public List<Step> run(OnnxGraph graph) {
        assert requireSound(graph, "the import");
        List<Step> steps = new ArrayList<>();
        for (Pass pass : passes) {
            int before = graph.nodes().size();
            long start = System.nanoTime();
            pass.apply(graph);
            steps.add(new Step(
                    pass.name(),
                    Duration.ofNanos(System.nanoTime() - start),
                    before,
                    graph.nodes().size()));
            assert requireSound(graph, "pass " + pass.name());
        }
        return steps;
    }

    private static boolean requireSound(OnnxGraph graph, String author) {
        List<String> faults = GraphVerifier.faults(graph);
        if (!faults.isEmpty()) {
            throw new AssertionError(author + " left a broken graph: " + String.join("; ", faults));
        }
        return true;
    }
}
