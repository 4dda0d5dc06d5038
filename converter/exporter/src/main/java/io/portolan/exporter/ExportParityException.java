package io.portolan.exporter;

import java.util.Locale;

/** Thrown when an exported model differs from the reference by more than the tolerance; nothing was written. */
public final class ExportParityException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ParityRow parity;

    ExportParityException(ParityRow parity) {
        super(String.format(
                Locale.ROOT,
                "the export differs from TensorFlow: two logits by %.1e (tolerance %.1e), and the verdict of %d samples of %d",
                parity.maxAbsolute(),
                parity.tolerance(),
                parity.samples() - parity.sameVerdict(),
                parity.samples()));
        this.parity = parity;
    }

    /** The measured difference. */
    public ParityRow parity() {
        return parity;
    }
}
