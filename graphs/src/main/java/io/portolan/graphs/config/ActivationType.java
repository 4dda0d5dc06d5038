package io.portolan.graphs.config;

/** The activation of stem and readout. */
public enum ActivationType implements Choice {
    SOFTPLUS,
    GELU,
    RELU
}
