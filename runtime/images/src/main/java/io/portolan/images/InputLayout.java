package io.portolan.images;

/** The order of the axes of a model's input. */
public enum InputLayout {
    /** Still images: batch, height, width, channel. */
    NHWC,

    /** Videos: batch, frame, height, width, channel. */
    NTHWC
}
