package io.portolan.converter.source.keras;

import static io.portolan.converter.source.keras.LayerTable.masked;
import static io.portolan.converter.source.keras.LayerTable.row;

import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Dense layers, embeddings, masks, and layers that do nothing when a model is used. */
final class CoreLayers {
    static final List<Row> ROWS = Stream.concat(
                    Stream.of(
                            masked("Dense", CoreLayers::dense),
                            row("EinsumDense", CoreLayers::einsumDense),
                            new Row("Embedding", false, CoreLayers::embedding),
                            new Row("Masking", false, CoreLayers::masking)),
                    Stream.of(
                                    unchanged("Identity"),
                                    unchanged("ActivityRegularization", "l1", "l2"),
                                    unchanged("Dropout", "rate", "noise_shape"),
                                    unchanged("AlphaDropout", "rate", "noise_shape"),
                                    unchanged("GaussianDropout", "rate"),
                                    unchanged("GaussianNoise", "stddev"),
                                    unchanged("SpatialDropout1D", "rate", "noise_shape", "data_format"),
                                    unchanged("SpatialDropout2D", "rate", "noise_shape", "data_format"),
                                    unchanged("SpatialDropout3D", "rate", "noise_shape", "data_format"))
                            .map(Row.class::cast))
            .toList();

    private CoreLayers() {}

    /** A layer that only does something in training. */
    static Row unchanged(String name, String... options) {
        return masked(name, (call, x) -> {
            call.config().ignore(options);
            return x;
        });
    }

    private static Output<?> dense(LayerCall call, Output<?> x) {
        long units = call.config().count("units");
        int rank = GraphOps.rank(x);
        Output<?> kernel = call.weight("kernel", GraphOps.known(x, -1), units);
        Output<?> product = product(call.tf(), x, kernel, rank);
        if (call.config().flag("use_bias", true)) {
            product = call.tf().add(product, call.weight("bias", units));
        }
        return call.activated("activation", product);
    }

    /** A product along the last axis, for any rank. */
    static Output<?> product(GraphOps tf, Output<?> x, Output<?> kernel, int rank) {
        if (rank < 2) {
            throw new ConversionException("has an input of rank " + rank + "; expected at least 2");
        }
        if (rank == 2) {
            return tf.op("MatMul", x, kernel);
        }
        Output<?> rows = tf.reshape(x, -1, GraphOps.known(x, -1));
        List<Object> sizes = new ArrayList<>(tf.dimensions(x, 0, rank - 1));
        sizes.add(GraphOps.known(kernel, -1));
        return tf.reshape(tf.op("MatMul", rows, kernel), sizes);
    }

    private static Output<?> einsumDense(LayerCall call, Output<?> x) {
        String equation = call.config().text("equation", "");
        String biasAxes = call.config().text("bias_axes", "");
        List<Long> declared = new ArrayList<>();
        Object outputShape = call.config().value("output_shape");
        for (Object size : outputShape instanceof List<?> list ? list : Arrays.asList(outputShape)) {
            declared.add(size instanceof Long known ? known : null);
        }
        EinsumShapes shapes = EinsumShapes.of(equation, x, declared);
        Output<?> y = call.tf()
                .op(
                        "Einsum",
                        Map.of("equation", shapes.equation()),
                        List.of(x, call.weight("kernel", shapes.kernel())));
        if (!biasAxes.isEmpty()) {
            y = call.tf().add(y, call.weight("bias", shapes.bias(biasAxes)));
        }
        return call.activated("activation", y);
    }

    private static Object embedding(LayerCall call) {
        GraphOps tf = call.tf();
        long inputs = call.config().count("input_dim");
        long outputs = call.config().count("output_dim");
        call.config().ignore("input_length");
        Output<?> x = call.input().tensor();
        Output<?> indices = x.dataType() == DataType.DT_INT64 ? x : tf.cast(x, DataType.DT_INT32);
        Output<?> table = call.weights().take("embeddings", call.config().weightType(), inputs, outputs);
        Output<?> y = tf.cast(
                tf.op("GatherV2", table, indices, tf.integer(0)), call.config().computeType());
        boolean isMasked = call.config().flag("mask_zero", false);
        return new KerasTensor(y, isMasked ? Optional.of(tf.op("NotEqual", x, tf.like(x, 0))) : Optional.empty());
    }

    private static Object masking(LayerCall call) {
        GraphOps tf = call.tf();
        Output<?> x = call.x();
        Output<?> differs = tf.op("NotEqual", x, tf.like(x, call.config().real("mask_value", 0)));
        Output<?> kept = tf.reduce("Any", differs, true, -1);
        return new KerasTensor(
                tf.mul(x, tf.cast(kept, x.dataType())), Optional.of(tf.squeeze(kept, GraphOps.rank(x) - 1)));
    }
}
