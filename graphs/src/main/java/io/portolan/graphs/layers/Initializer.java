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

    /** The function of an element's index along the last axis. */
    record OfIndex(java.util.function.IntToDoubleFunction value) implements Initializer {}

    /** See {@link #BY_NAME}. */
    record ByName() implements Initializer {}
}
