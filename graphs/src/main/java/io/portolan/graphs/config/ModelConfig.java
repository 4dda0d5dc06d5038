package io.portolan.graphs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.images.ImageInput;
import java.util.Map;

/** Everything that determines what a model computes, besides its weights: its architecture and the sizes and options of that. */
public interface ModelConfig {
    /** The kind of model. */
    Architecture architecture();

    /** What one input of the model is. */
    ImageInput input();

    /** Whether one input is an image or a video. */
    InputForm inputForm();

    /** Height of the input in pixels. */
    int imageHeight();

    /** Width of the input in pixels. */
    int imageWidth();

    /** T, the number of time steps. */
    int frames();

    /** Number of logits. */
    int classes();

    /** The same model with another number of steps. */
    ModelConfig withFrames(int steps);

    /** The same model for another form of input. */
    ModelConfig withInput(InputForm form);

    /** The fields under the reference's names, in a form that {@link ConfigResolver} reads back. */
    Map<String, Object> toMap();

    /** {@link #toMap} as JSON. */
    default String toJson() {
        try {
            return new ObjectMapper().writeValueAsString(toMap());
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
