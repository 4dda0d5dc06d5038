package io.portolan.cli.report;

import io.portolan.graphs.attribution.Plane;

/** Arranges half spectra for display. */
final class Spectra {
    static final String AXES =
            "right: horizontal frequency from 0; down: vertical frequency, 0 in the middle (cycles per map)";

    private Spectra() {}

    /** Rows (0, 1, …, H/2, −H/2+1, …, −1) of frequencies in order, zero in the middle. */
    static Plane centred(Plane halfSpectrum) {
        int height = halfSpectrum.height();
        int width = halfSpectrum.width();
        float[] values = new float[height * width];
        for (int row = 0; row < height; row++) {
            System.arraycopy(halfSpectrum.values(), row * width, values, (row + height / 2) % height * width, width);
        }
        return new Plane(height, width, values);
    }
}
