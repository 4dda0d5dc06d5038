package io.portolan.converter;

/** Thrown when the converted model differs from what it was converted from by more than the tolerance; nothing was written. */
public final class ParityException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ConversionReport report;

    ParityException(ConversionReport report) {
        super("the conversion differs from its source");
        this.report = report;
    }

    /** The report of the conversion, with the differences of the outputs. */
    public ConversionReport report() {
        return report;
    }
}
