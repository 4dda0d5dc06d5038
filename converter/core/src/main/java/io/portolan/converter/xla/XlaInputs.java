package io.portolan.converter.xla;

import io.portolan.programs.stablehlo.Elements;
import java.util.List;
import org.tensorflow.Result;
import org.tensorflow.Tensor;

/** Inputs of a program in TensorFlow's memory. */
public final class XlaInputs implements AutoCloseable {
    private final XlaProgram program;
    private final List<Tensor> tensors;

    XlaInputs(XlaProgram program, List<Tensor> tensors) {
        this.program = program;
        this.tensors = tensors;
    }

    /**
     * Runs the program on them.
     *
     * @throws XlaException if XLA cannot read or run it
     */
    public List<Elements> run() {
        try (Result result = program.execute(tensors)) {
            return program.elements(result);
        }
    }

    /** Runs the program on them and forgets its results, to measure its speed. */
    public void runOnly() {
        program.execute(tensors).close();
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
    }
}
