package io.portolan.converter.source.keras;

import static io.portolan.converter.source.keras.LayerTable.masked;
import static io.portolan.converter.source.keras.LayerTable.row;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Preparation of images and categories; what is random in training does nothing when a model is used. */
final class PreprocessingLayers {
    private static final Map<String, String> RESIZES = Map.of(
            "bilinear", "ResizeBilinear",
            "nearest", "ResizeNearestNeighbor",
            "bicubic", "ResizeBicubic",
            "area", "ResizeArea");

    static final List<Row> ROWS = Stream.of(
                    masked("Rescaling", PreprocessingLayers::rescaling),
                    row("Resizing", PreprocessingLayers::resizing),
                    row("CenterCrop", PreprocessingLayers::centre),
                    row("CategoryEncoding", PreprocessingLayers::categories),
                    row("Discretization", PreprocessingLayers::buckets),
                    random("RandomFlip", "mode", "data_format"),
                    random(
                            "RandomRotation",
                            "factor",
                            "fill_mode",
                            "interpolation",
                            "fill_value",
                            "data_format",
                            "value_range"),
                    random(
                            "RandomZoom",
                            "height_factor",
                            "width_factor",
                            "fill_mode",
                            "interpolation",
                            "fill_value",
                            "data_format"),
                    random(
                            "RandomTranslation",
                            "height_factor",
                            "width_factor",
                            "fill_mode",
                            "interpolation",
                            "fill_value",
                            "data_format"),
                    random("RandomContrast", "factor", "value_range", "data_format"),
                    random("RandomBrightness", "factor", "value_range", "data_format"))
            .toList();

    private PreprocessingLayers() {}

    private static Row random(String name, String... options) {
        return row(name, (call, x) -> {
            call.config().ignore(options);
            return call.tf().cast(x, call.config().computeType());
        });
    }

    private static Output<?> rescaling(LayerCall call, Output<?> input) {
        GraphOps tf = call.tf();
        Output<?> x = tf.cast(input, call.config().computeType());
        return tf.add(tf.mul(x, numbers(call, "scale", x.dataType())), numbers(call, "offset", x.dataType()));
    }

    private static Output<?> numbers(LayerCall call, String option, DataType type) {
        Object value = call.config().value(option);
        return value instanceof Number number
                ? call.tf().number(number.doubleValue(), type)
                : StoredNumbers.read(call.tf(), value, type);
    }

    private static Output<?> resizing(LayerCall call, Output<?> input) {
        LayerConfig config = call.config();
        GraphOps tf = call.tf();
        config.require("crop_to_aspect_ratio", false);
        config.require("pad_to_aspect_ratio", false);
        config.require("antialias", false);
        config.ignore("fill_mode", "fill_value");
        String op = RESIZES.get(config.among("interpolation", "bilinear", RESIZES.keySet()));
        Map<String, Boolean> centred = op.equals("ResizeArea") ? Map.of() : Map.of("half_pixel_centers", true);
        Output<?> size = tf.ints(config.count("height"), config.count("width"));
        Output<?> x = tf.cast(input, config.computeType());
        ConvolutionLayers.requireRank(x, 2);
        return Images.channelsLast(call, x, last -> tf.cast(tf.op(op, centred, last, size), x.dataType()));
    }

    /** The middle of an image; one that is smaller would be resized, which is another layer's work. */
    private static Output<?> centre(LayerCall call, Output<?> input) {
        LayerConfig config = call.config();
        GraphOps tf = call.tf();
        Output<?> x = tf.cast(input, config.computeType());
        ConvolutionLayers.requireRank(x, 2);
        int first = config.channelsFirst() ? 2 : 1;
        Output<?> y = x;
        for (int i = 0; i < 2; i++) {
            String option = i == 0 ? "height" : "width";
            long size = GraphOps.known(x, first + i);
            long wanted = config.count(option);
            if (wanted > size) {
                throw config.wrong(option, "at most the size of the input, " + size);
            }
            y = tf.slice(y, first + i, (size - wanted) / 2, wanted);
        }
        return y;
    }

    private static Output<?> categories(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        LayerConfig config = call.config();
        config.require("sparse", false);
        long count = config.count("num_tokens");
        String mode = config.among("output_mode", "multi_hot", Set.of("one_hot", "multi_hot", "count"));
        if (call.argument(1, "count_weights").isPresent()) {
            throw new ConversionException("is called with count_weights; expected none");
        }
        int rank = GraphOps.rank(x);
        DataType type = config.computeType();
        Output<?> indices = tf.cast(x, DataType.DT_INT32);
        boolean isOne = mode.equals("one_hot");
        if (isOne && rank > 1 && GraphOps.size(x, -1) == 1) {
            indices = tf.squeeze(indices, rank - 1);
        }
        Output<?> hot = tf.op("OneHot", indices, tf.integer(count), tf.number(1, type), tf.number(0, type));
        if (isOne) {
            return hot;
        }
        if (rank < 2) {
            throw new ConversionException("has an input of rank " + rank + "; expected at least 2");
        }
        return tf.reduce(mode.equals("count") ? "Sum" : "Max", hot, false, rank - 1);
    }

    /** The number of boundaries that are at most as large. */
    private static Output<?> buckets(LayerCall call, Output<?> input) {
        GraphOps tf = call.tf();
        LayerConfig config = call.config();
        config.ignore("num_bins", "epsilon");
        config.require("output_mode", "int");
        config.require("sparse", false);
        Output<?> x = tf.cast(input, DataType.DT_FLOAT);
        Output<?> boundaries = StoredNumbers.read(tf, config.value("bin_boundaries"), DataType.DT_FLOAT);
        Output<?> above = tf.op("GreaterEqual", tf.expand(x, GraphOps.rank(x)), boundaries);
        return tf.reduce("Sum", tf.cast(above, DataType.DT_INT32), false, GraphOps.rank(x));
    }
}
