package io.portolan.graphs.training;

import io.portolan.graphs.cells.Plan;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.graphs.layers.Initializer;
import io.portolan.graphs.layers.Mode;
import io.portolan.graphs.layers.ModuleScope;
import io.portolan.graphs.layers.Weights;
import io.portolan.graphs.model.Model;
import io.portolan.graphs.ops.Gradients;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** The names and shapes of the arrays that a model needs, recorded while it is built once. */
final class RecordedShapes implements Weights {
    private final SortedMap<String, long[]> parameters = new TreeMap<>(FlaxOrder.BY_PATH);
    private final SortedMap<String, long[]> statistics = new TreeMap<>(FlaxOrder.BY_PATH);

    private final Map<String, Initializer> initializers = new HashMap<>();

    private RecordedShapes() {}

    static RecordedShapes of(ModelConfig config) {
        RecordedShapes shapes = new RecordedShapes();
        Graph graph = new Graph();
        try {
            Ops tf = Ops.create(graph);
            Model model = Model.of(config, Plan.FUSED);
            model.logits(
                    ModuleScope.root(tf, shapes, Mode.EVALUATION),
                    tf.placeholder(TFloat32.class, Placeholder.shape(model.inputShape())));
            return shapes;
        } finally {
            graph.close();
            Gradients.forget(graph);
        }
    }

    @Override
    public Operand<TFloat32> parameter(Ops tf, String path, Initializer initializer, long... shape) {
        initializers.put(path, initializer);
        return note(tf, parameters, path, shape);
    }

    @Override
    public Operand<TFloat32> statistic(Ops tf, String path, long... shape) {
        return note(tf, statistics, path, shape);
    }

    /** What the trainable arrays are before training, by path. */
    Map<String, Initializer> initializers() {
        return initializers;
    }

    /** Shapes by path, as flax sorts them. */
    SortedMap<String, long[]> parameters() {
        return parameters;
    }

    /** Shapes of the running statistics by path, in flax's order. */
    SortedMap<String, long[]> statistics() {
        return statistics;
    }

    private static Operand<TFloat32> note(Ops tf, SortedMap<String, long[]> shapes, String path, long[] shape) {
        shapes.put(path, shape);
        return tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(shape)));
    }
}
