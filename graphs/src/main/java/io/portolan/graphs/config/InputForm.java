package io.portolan.graphs.config;

/** Whether an input of the model is an image or a video. */
public enum InputForm implements Choice {
    IMAGE,
    VIDEO
}
