package io.portolan.graphs.training;

import io.portolan.checkpoints.values.ArrayData;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/** A float32 variable of a graph, which a session keeps from one run to the next. */
final class GraphVariable {
    private final Ops tf;
    private final Shape shape;
    private final VarHandleOp handle;
    private final Operand<TFloat32> value;
    private final Operand<TFloat32> newValue;
    private final Op load;

    /**
     * @param path unique in the graph
     */
    GraphVariable(Ops tf, String path, long... shape) {
        // No scope for each variable, because TensorFlow Java walks the whole graph whenever it opens one.
        String name = path.replace('/', '.');
        this.tf = tf;
        this.shape = Shape.of(shape);
        this.handle = tf.withName(name).varHandleOp(TFloat32.class, this.shape, VarHandleOp.sharedName(name));
        this.value = tf.withName(name + ".value").readVariableOp(handle, TFloat32.class);
        this.newValue = tf.withName(name + ".new").placeholder(TFloat32.class, Placeholder.shape(this.shape));
        this.load = tf.withName(name + ".load").assignVariableOp(handle, newValue);
    }

    /** The value at the start of the run. */
    Operand<TFloat32> value() {
        return value;
    }

    long[] shape() {
        return shape.asArray();
    }

    float[] zeros() {
        return new float[Math.toIntExact(shape.size())];
    }

    /** The op that assigns the variable a new value for later runs. */
    Op assign(Operand<TFloat32> next) {
        return tf.assignVariableOp(handle, next);
    }

    /**
     * Assigns values to variables, in a session of their graph or of a copy of it; all in one run, because each new set of targets costs a pass over
     * the graph.
     */
    static void load(Session session, Map<GraphVariable, float[]> values) {
        Session.Runner runner = session.runner();
        try (Feeds feeds = new Feeds(runner)) {
            values.forEach((variable, numbers) -> {
                feeds.floats(variable.newValue, variable.shape, numbers);
                runner.addTarget(variable.load.op().name());
            });
            runner.run().close();
        }
    }

    /** The values of variables by path. */
    static Map<String, ArrayData> save(Session session, Map<String, GraphVariable> variables) {
        if (variables.isEmpty()) {
            return Map.of();
        }
        Session.Runner runner = session.runner();
        variables.values().forEach(variable -> runner.fetch(variable.value));
        try (Result result = runner.run()) {
            List<String> paths = new ArrayList<>(variables.keySet());
            Map<String, ArrayData> values = new LinkedHashMap<>();
            for (int i = 0; i < paths.size(); i++) {
                TFloat32 tensor = (TFloat32) result.get(i);
                float[] numbers = new float[Math.toIntExact(tensor.size())];
                tensor.copyTo(DataBuffers.of(numbers, false, false));
                values.put(paths.get(i), ArrayData.ofFloats(tensor.shape().asArray(), numbers));
            }
            return values;
        }
    }
}
