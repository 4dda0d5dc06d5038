package io.portolan.graphs.layers;

/**
 * What a weight is before training. The reference's distributions; its random numbers are not reproduced. Where a model
 * says nothing, the name of an array tells, as in flax.
 */
public sealed interface Initializer {
    /** By the array's name: zeros for a bias, ones for a scale, flax's {@code lecun_normal} for a kernel. */
    Initializer BY_NAME = new ByName();

    /** The same number everywhere. */
    record Constant(double value) implements Initializer {}

    /** Normally distributed around zero. */
    record Normal(double deviation) implements Initializer {}

    /** Uniformly distributed. */
    record Uniform(double low, double high) implements Initializer {}

    /** The logarithm of what is uniformly distributed on a logarithmic scale. */
    record LogUniform(double low, double high) implements Initializer {}

    /** Uniformly distributed between ±√(6 / (fan in + fan out)). */
    record Glorot() implements Initializer {}

    /** A kernel {@code (…, C, C)} that is the same with its channels exchanged, and is kept so in training. */
    record Symmetric(Initializer of) implements Initializer {}

    /** The logarithm of what is uniformly distributed, times a factor. */
    record LogOfUniform(double factor, double low, double high) implements Initializer {}

    /** Filters of gratings under a bell, {@code (side, side, 1, channels)}: an orientation for each channel. */
    record Gabor() implements Initializer {}

    /** The function of an element's index along the last axis. */
    record OfIndex(java.util.function.IntToDoubleFunction value) implements Initializer {}

    /** See {@link #BY_NAME}. */
    record ByName() implements Initializer {}
}
