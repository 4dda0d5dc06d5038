package io.portolan.converter;

import io.portolan.converter.ir.GraphVerifier;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.passes.BiasIntoConv;
import io.portolan.converter.passes.CastForKernels;
import io.portolan.converter.passes.CommonSubexpressions;
import io.portolan.converter.passes.ConstantFolding;
import io.portolan.converter.passes.DeadCode;
import io.portolan.converter.passes.LoopAsScan;
import io.portolan.converter.passes.MeanAsMatMul;
import io.portolan.converter.passes.MergeReshapes;
import io.portolan.converter.passes.Pass;
import io.portolan.converter.passes.PoolBeforeAffine;
import io.portolan.converter.passes.PoolByPhases;
import io.portolan.converter.passes.SinkTransposes;
import io.portolan.converter.passes.SoftplusBySeries;
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

    /** What every export runs: afterwards the graph has only ONNX's own operators and nothing unused. */
    public static PassPipeline standard() {
        return of(FourierForm.MATMUL, WeightType.FLOAT32, Target.ANY);
    }

    /**
     * The standard passes, with a choice of what Fourier transforms become, how large weights are stored and who is to
     * run the model.
     */
    public static PassPipeline of(FourierForm fourier, WeightType weights, Target target) {
        List<Pass> passes = new ArrayList<>(List.of(
                // First, so that all others find weights, axes and sizes as constants whichever way they were computed.
                new ConstantFolding(),
                // Before patterns are looked for: what is computed twice looks as if it had two users.
                new CommonSubexpressions(),
                // Before layouts change: it looks for the gathers and scatters that the import wrote.
                new LoopAsScan(),
                // Behind both, as equal transposes cancel only where they are one; before all that looks for
                // convolutions.
                new SinkTransposes(),
                // Once more, for the constants that a transpose was moved to.
                new ConstantFolding(),
                // Now that nothing stands between a convolution and what is added to it.
                new BiasIntoConv(),
                // Behind it: a shift that went into a bias need not be taken past the pool.
                new PoolBeforeAffine(),
                // Before passes that ask how often a value is used: dead nodes count as users.
                new DeadCode()));
        // Before nodes multiply, and before the matrices of transforms are there, which stay exact.
        passes.addAll(weights.passes());
        passes.addAll(List.of(
                // Behind the weights: it copies convolutions, whose copies then share one small weight.
                new PoolByPhases(),
                // Late, so that all before sees one node for each transform; early enough for its constants to be
                // shared.
                fourier.pass(),
                // Behind transposes, which sink through a mean but not through a product.
                new MeanAsMatMul(),
                // Behind pool-by-phases, which takes Softplus for one node.
                new SoftplusBySeries(),
                // Behind all that makes operators.
                new CastForKernels(),
                // For the reshapes that the import, transforms and means left behind one another.
                new MergeReshapes(),
                // Once more, for what the passes above wrote twice: matrices, casts, equal parts of copies.
                new CommonSubexpressions(),
                // Last of those for every runtime: a file holds nothing unused.
                new DeadCode()));
        // Nothing may undo what one runtime needs, least of all sharing of constants.
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
     * Makes sure that a pass may be left out.
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
     * These passes without some.
     *
     * @throws IllegalArgumentException if a name is not one of {@link #optional()}
     */
    public PassPipeline without(Collection<String> names) {
        names.forEach(this::requireOptional);
        return new PassPipeline(
                passes.stream().filter(pass -> !names.contains(pass.name())).toList());
    }

    /**
     * What one pass did.
     *
     * @param pass its name
     * @param duration the time it took
     * @param nodesBefore the number of nodes it found
     * @param nodesAfter the number of nodes it left
     */
    public record Step(String pass, Duration duration, int nodesBefore, int nodesAfter) {}

    /** Runs all passes on a graph and tells what each did. With assertions on, every pass must leave a sound graph. */
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
