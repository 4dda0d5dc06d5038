package io.portolan.converter.xla;

import io.portolan.converter.lowering.ConversionException;
import org.tensorflow.TensorFlow;

/** Thrown when TensorFlow's XLA cannot run a program; recorded samples of what it computes can take its place. */
public final class XlaException extends ConversionException {
    private static final long serialVersionUID = 1;

    /** A reason that continues "cannot run this program because …". */
    XlaException(String reason, Throwable cause) {
        super(
                "TensorFlow " + TensorFlow.version() + " cannot run this program because " + reason
                        + "; give recorded samples",
                cause,
                Remedy.GIVE_SAMPLES);
    }

    XlaException(String reason) {
        this(reason, null);
    }
}
