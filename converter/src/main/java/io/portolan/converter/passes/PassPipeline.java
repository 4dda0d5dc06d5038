package io.portolan.converter.passes;

import io.portolan.converter.ir.OnnxGraph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Passes in the order in which they run.
 *
 * @param passes the passes
 */
public record PassPipeline(List<Pass> passes) {
    private static final PassPipeline STANDARD = new PassPipeline(List.of(
            new ConstantFolding(),
            new CommonSubexpressions(),
            new SinkTransposes(),
            new ConstantFolding(),
            new BiasIntoConv(),
            new PoolBeforeAffine(),
            new DeadCode(),
            new PoolByPhases(),
            // Late, so that all before sees one node for each transform; early enough for its constants to be shared.
            new LowerFourierToMatMul(),
            new MeanAsMatMul(),
            new SoftplusBySeries(),
            new MergeReshapes(),
            new CommonSubexpressions(),
            new DeadCode()));

    public PassPipeline {
        passes = List.copyOf(passes);
    }

    /** What every export runs: afterwards the graph has only ONNX's own operators and nothing unused. */
    public static PassPipeline standard() {
        return STANDARD;
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
