package io.portolan.converter;

/** A conversion and TensorFlow differ by more than the tolerance; nothing was written. */
public final class ParityException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ConversionReport report;

    ParityException(ConversionReport report) {
        super("the conversion differs from TensorFlow");
        this.report = report;
    }

    /** What was done, and how far the outputs are apart. */
    public ConversionReport report() {
        return report;
    }
}
