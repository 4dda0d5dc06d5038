package io.portolan.converter.xla;

import io.portolan.programs.Program;
import org.tensorflow.exceptions.TensorFlowException;

/** Says why XLA did not run a program. */
final class XlaFailures {
    private XlaFailures() {}

    static XlaException explain(Program program, TensorFlowException failure) {
        return new XlaException(failure.getMessage().lines().findFirst().orElse("without a reason"), failure);
    }
}
