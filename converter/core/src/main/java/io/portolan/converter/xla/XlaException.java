package io.portolan.converter.xla;

import io.portolan.converter.lowering.ConversionException;

/** Thrown when TensorFlow's XLA cannot run a program; recorded samples of what it computes can take its place. */
public final class XlaException extends ConversionException {
    private static final long serialVersionUID = 1;

    XlaException(String reason, Throwable cause) {
        super(
                "TensorFlow " + org.tensorflow.TensorFlow.version() + " cannot run this program: " + reason,
                cause,
                Remedy.GIVE_SAMPLES);
    }

    XlaException(String reason) {
        this(reason, null);
    }
}
