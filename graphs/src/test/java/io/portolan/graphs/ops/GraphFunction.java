package io.portolan.graphs.ops;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Runs a small graph once, for tests. */
final class GraphFunction {
    private GraphFunction() {}

    /** Evaluates a graph of constants. */
    static List<float[]> evaluate(
            BiFunction<Ops, List<Operand<TFloat32>>, List<Operand<TFloat32>>> body, Shape shape, float[]... inputs) {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            Ops tf = Ops.create(graph);
            List<Operand<TFloat32>> operands = Arrays.stream(inputs)
                    .<Operand<TFloat32>>map(values -> tf.constant(shape, DataBuffers.of(values)))
                    .toList();
            Session.Runner runner = session.runner();
            body.apply(tf, operands).forEach(runner::fetch);
            try (Result result = runner.run()) {
                return IntStream.range(0, result.size())
                        .mapToObj(i -> {
                            TFloat32 tensor = (TFloat32) result.get(i);
                            float[] values = new float[(int) tensor.size()];
                            tensor.copyTo(DataBuffers.of(values, false, false));
                            return values;
                        })
                        .toList();
            }
        }
    }
}
