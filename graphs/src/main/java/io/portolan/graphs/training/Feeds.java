package io.portolan.graphs.training;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/** The input tensors of one run; closing frees them. */
final class Feeds implements AutoCloseable {
    private final Session.Runner runner;
    private final List<Tensor> tensors = new ArrayList<>();

    Feeds(Session.Runner runner) {
        this.runner = runner;
    }

    void scalar(Operand<TFloat32> placeholder, float value) {
        feed(placeholder, TFloat32.scalarOf(value));
    }

    void flag(Operand<TBool> placeholder, boolean value) {
        feed(placeholder, TBool.scalarOf(value));
    }

    void floats(Operand<TFloat32> placeholder, Shape shape, float[] values) {
        feed(placeholder, TFloat32.tensorOf(shape, DataBuffers.of(values, true, false)));
    }

    void integers(Operand<TInt32> placeholder, int[] values) {
        feed(placeholder, TInt32.vectorOf(values));
    }

    private void feed(Operand<?> placeholder, Tensor tensor) {
        feed(name(placeholder), tensor);
    }

    /** Feeds a tensor by its name, which this frees. */
    private void feed(String name, Tensor tensor) {
        tensors.add(tensor);
        runner.feed(name, tensor);
    }

    /** The name of a tensor, which copies of its graph have too. */
    static String name(Operand<?> operand) {
        return operand.asOutput().op().name() + ":" + operand.asOutput().index();
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
    }
}
