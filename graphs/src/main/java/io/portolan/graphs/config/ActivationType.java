package io.portolan.graphs.config;

/** The activation function of the stem and the readout. */
public enum ActivationType implements Choice {
    SOFTPLUS,
    GELU,
    RELU
}
