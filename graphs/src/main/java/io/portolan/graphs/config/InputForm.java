package io.portolan.graphs.config;

/** What one input of the model is. */
public enum InputForm implements Choice {
    IMAGE,
    VIDEO
}
