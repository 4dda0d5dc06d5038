package io.portolan.graphs.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.config.ConfigResolver;
import io.portolan.graphs.config.ModelConfig;
import java.util.Map;
import java.util.Optional;

/**
 * The configurations of the golden cases' models: their configuration files, with the form of the input from its shape.
 */
public final class GoldenModel {
    private GoldenModel() {}

    public static ModelConfig config(GoldenCase golden) {
        return ConfigResolver.resolve(golden.checkpoint(), said(golden), Optional.of(description(golden)));
    }

    /** The configuration that {@link #config} gives, or for the family that of its description, which says all. */
    public static ModelConfig resolved(GoldenCase golden) {
        return golden.name().startsWith("family/")
                ? ConfigResolver.resolve(golden.checkpoint(), Map.of(), Optional.of(description(golden)))
                : config(golden);
    }

    public static Map<String, Object> description(GoldenCase golden) {
        try {
            return new ObjectMapper().readValue(golden.configJson(), new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> said(GoldenCase golden) {
        long[] shape = golden.tensor("input").shape();
        String size = shape[shape.length - 3] + "x" + shape[shape.length - 2];
        return shape.length == 5
                ? Map.of("input", "video", "image_size", size, "seq_len", Long.toString(shape[1]))
                : stillOf(golden, size);
    }

    private static Map<String, String> stillOf(GoldenCase golden, String size) {
        return golden.name().contains("hgru_") && golden.name().startsWith("baselines/")
                ? Map.of("image_size", size)
                : Map.of("input", "image", "image_size", size);
    }

    /** The recorded tensor of a module, or the logits; empty if none was recorded. */
    public static Optional<ArrayData> expected(GoldenCase golden, String output) {
        return Optional.ofNullable(golden.tensors().get(output.equals("logits") ? output : "activation/" + output));
    }
}
