package io.portolan.converter.passes;

import io.portolan.converter.ir.OnnxGraph;
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

    /** The standard passes, with a choice of what Fourier transforms become, how large weights are stored and who is to run the model. */
    public static PassPipeline of(FourierForm fourier, WeightType weights, Target target) {
        List<Pass> passes = new ArrayList<>(List.of(
                new ConstantFolding(),
                new CommonSubexpressions(),
                new LoopAsScan(),
                new SinkTransposes(),
                new ConstantFolding(),
                new BiasIntoConv(),
                new PoolBeforeAffine(),
                new DeadCode()));
        // Before nodes multiply, and before the matrices of transforms are there, which stay exact.
        passes.addAll(weights.passes());
        passes.addAll(List.of(
                new PoolByPhases(),
                // Late, so that all before sees one node for each transform; early enough for its constants to be shared.
                fourier.pass(),
                new MeanAsMatMul(),
                new SoftplusBySeries(),
                new CastForKernels(),
                new MergeReshapes(),
                new CommonSubexpressions(),
                new DeadCode()));
        passes.addAll(target.passes());
        return new PassPipeline(passes);
    }

    /** The names of the passes that may be left out, in the order in which they run. */
    public List<String> optional() {
        return passes.stream().filter(pass -> !pass.isRequired()).map(Pass::name).distinct().toList();
    }

    /**
     * Makes sure that a pass may be left out.
     *
     * @throws IllegalArgumentException if the name is not one of {@link #optional()}
     */
    public void requireOptional(String name) {
        if (!optional().contains(name)) {
            throw new IllegalArgumentException("there is no pass '" + name + "'; there are " + String.join(", ", optional()));
        }
    }

    /**
     * These passes without some.
     *
     * @throws IllegalArgumentException if a name is not one of {@link #optional()}
     */
    public PassPipeline without(Collection<String> names) {
        names.forEach(this::requireOptional);
        return new PassPipeline(passes.stream().filter(pass -> !names.contains(pass.name())).toList());
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

    /** Runs all passes on a graph and tells what each did. */
    public List<Step> run(OnnxGraph graph) {
        List<Step> steps = new ArrayList<>();
        for (Pass pass : passes) {
            int before = graph.nodes().size();
            long start = System.nanoTime();
            pass.apply(graph);
            steps.add(new Step(pass.name(), Duration.ofNanos(System.nanoTime() - start), before, graph.nodes().size()));
        }
        return steps;
    }
}
