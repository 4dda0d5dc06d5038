package io.portolan.converter.source.keras;

import static io.portolan.converter.source.keras.LayerTable.masked;
import static io.portolan.converter.source.keras.LayerTable.row;

import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Normalisations. Those that Keras computes in at least float32 are computed so. */
final class NormalizationLayers {
    static final List<Row> ROWS = List.of(
            masked("BatchNormalization", NormalizationLayers::batch),
            masked("SyncBatchNormalization", NormalizationLayers::batch),
            masked("LayerNormalization", NormalizationLayers::layer),
            masked("GroupNormalization", NormalizationLayers::group),
            masked("UnitNormalization", NormalizationLayers::unit),
            row("RMSNormalization", NormalizationLayers::rms),
            masked("Normalization", NormalizationLayers::standard));

    private NormalizationLayers() {}

    private static DataType wide(DataType type) {
        return type == DataType.DT_DOUBLE ? type : DataType.DT_FLOAT;
    }

    private static Output<?> batch(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        LayerConfig config = call.config();
        config.ignore(
                "momentum",
                "synchronized",
                "renorm_momentum",
                "renorm_clipping",
                "fused",
                "virtual_batch_size",
                "adjustment");
        config.require("renorm", false);
        List<Long> axes = config.integers("axis");
        if (axes.size() != 1) {
            throw config.wrong("axis", "one axis");
        }
        int rank = GraphOps.rank(x);
        int axis = GraphOps.axis(axes.get(0), rank);
        long size = GraphOps.known(x, axis);
        DataType type = wide(x.dataType());
        // Keras keeps these weights in float32 at least, also where the policy is of 16 bits.
        List<Output<?>> affine = new ArrayList<>();
        Output<?> gamma = config.flag("scale", true) ? weight(call, "gamma", true, type, size) : null;
        Output<?> beta = config.flag("center", true) ? weight(call, "beta", true, type, size) : null;
        Output<?> mean = weight(call, "moving_mean", false, type, size);
        Output<?> variance = weight(call, "moving_variance", false, type, size);
        Output<?> scale = tf.op("Rsqrt", tf.add(variance, tf.like(variance, config.real("epsilon", 1e-3))));
        scale = gamma == null ? scale : tf.mul(scale, gamma);
        Output<?> shift = tf.mul(mean, scale);
        shift = beta == null ? tf.op("Neg", shift) : tf.sub(beta, shift);
        affine.add(tf.along(scale, axis, rank));
        affine.add(tf.along(shift, axis, rank));
        Output<?> y = tf.add(tf.mul(tf.cast(x, type), affine.get(0)), affine.get(1));
        return tf.cast(y, config.computeType());
    }

    private static Output<?> weight(LayerCall call, String name, boolean isTrained, DataType type, long... shape) {
        DataType stored = call.config().weightType();
        Output<?> weight = isTrained
                ? call.weights().take(name, stored, shape)
                : call.weights().takeFixed(name, stored, shape);
        return call.tf().cast(weight, type);
    }

    /** The axes that an option names, counted from the first, in order. */
    private static long[] axes(LayerCall call, Output<?> x) {
        List<Long> named = call.config().integers("axis");
        LongStream ordered = call.isBeforeKeras3()
                ? named.stream().mapToLong(axis -> GraphOps.axis(axis, GraphOps.rank(x)))
                : named.stream().sorted().mapToLong(axis -> GraphOps.axis(axis, GraphOps.rank(x)));
        return ordered.toArray();
    }

    /** A weight over some axes, to be broadcast. */
    private static Output<?> over(GraphOps tf, Output<?> weight, long[] axes, Output<?> x) {
        int rank = GraphOps.rank(x);
        if (axes.length == 1 && axes[0] == rank - 1) {
            return weight;
        }
        long[] shape = new long[rank];
        Arrays.fill(shape, 1);
        for (long axis : axes) {
            shape[(int) axis] = GraphOps.known(x, (int) axis);
        }
        return tf.reshape(weight, shape);
    }

    private static Output<?> layer(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        LayerConfig config = call.config();
        long[] axes = axes(call, x);
        long[] sizes =
                LongStream.of(axes).map(axis -> GraphOps.known(x, (int) axis)).toArray();
        boolean isRms = config.flag("rms_scaling", false);
        boolean scales = config.flag("scale", true) || isRms;
        boolean centers = config.flag("center", true) && !isRms;
        double epsilon = config.real("epsilon", 1e-3);
        DataType type = wide(x.dataType());
        Output<?> wide = tf.cast(x, type);
        Output<?> gamma = scales ? over(tf, weight(call, "gamma", true, type, sizes), axes, x) : null;
        Output<?> beta = centers ? over(tf, weight(call, "beta", true, type, sizes), axes, x) : null;
        Output<?> mean = tf.reduce("Mean", wide, true, axes);
        Output<?> centred = tf.sub(wide, mean);
        Output<?> variance = tf.reduce("Mean", tf.op("Square", centred), true, axes);
        Output<?> inverse = tf.op("Rsqrt", tf.add(variance, tf.like(variance, epsilon)));
        Output<?> y = tf.mul(isRms ? wide : centred, gamma == null ? inverse : tf.mul(inverse, gamma));
        return tf.cast(beta == null ? y : tf.add(y, beta), config.computeType());
    }

    private static Output<?> group(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        LayerConfig config = call.config();
        int rank = GraphOps.rank(x);
        int axis = GraphOps.axis(config.integer("axis", -1), rank);
        long size = GraphOps.known(x, axis);
        long groups = config.integer("groups", 32);
        groups = groups == -1 ? size : groups;
        if (groups < 1 || size % groups != 0 || axis == 0) {
            throw config.wrong("groups", "a divisor of " + size);
        }
        DataType type = wide(x.dataType());
        List<Object> sizes = new ArrayList<>(tf.dimensions(x, 0, rank));
        sizes.set(axis, size / groups);
        sizes.add(axis, groups);
        Output<?> parts = tf.cast(tf.reshape(x, sizes), type);
        long[] axes =
                LongStream.range(1, rank + 1L).filter(each -> each != axis).toArray();
        Output<?> centred = tf.sub(parts, tf.reduce("Mean", parts, true, axes));
        Output<?> variance = tf.reduce("Mean", tf.op("Square", centred), true, axes);
        Output<?> inverse = tf.op("Rsqrt", tf.add(variance, tf.like(variance, config.real("epsilon", 1e-3))));
        Output<?> y = tf.reshape(tf.mul(centred, inverse), tf.dimensions(x, 0, rank));
        if (config.flag("scale", true)) {
            y = tf.mul(y, tf.along(weight(call, "gamma", true, type, size), axis, rank));
        }
        if (config.flag("center", true)) {
            y = tf.add(y, tf.along(weight(call, "beta", true, type, size), axis, rank));
        }
        return tf.cast(y, config.computeType());
    }

    private static Output<?> unit(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        Output<?> sum = tf.reduce("Sum", tf.op("Square", x), true, axes(call, x));
        return tf.mul(x, tf.min(tf.op("Rsqrt", sum), tf.like(sum, 1e12)));
    }

    private static Output<?> rms(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        long[] axes = axes(call, x);
        long[] sizes =
                LongStream.of(axes).map(axis -> GraphOps.known(x, (int) axis)).toArray();
        DataType type = wide(x.dataType());
        Output<?> wide = tf.cast(x, type);
        Output<?> mean = tf.reduce("Mean", tf.op("Square", wide), true, axes);
        Output<?> inverse =
                tf.op("Rsqrt", tf.add(mean, tf.like(mean, call.config().real("epsilon", 1e-6))));
        Output<?> scale = over(tf, weight(call, "scale", true, type, sizes), axes, x);
        return tf.cast(tf.mul(tf.mul(wide, inverse), scale), call.config().computeType());
    }

    /** {@code (x − mean) / max(√variance, 1e-7)} with numbers of the configuration or of the file's weights, or the inverse. */
    private static Output<?> standard(LayerCall call, Output<?> input) {
        GraphOps tf = call.tf();
        LayerConfig config = call.config();
        Output<?> x = tf.cast(input, config.computeType());
        int rank = GraphOps.rank(x);
        boolean isInverse = config.flag("invert", false);
        List<Integer> axes = config.has("axis")
                ? config.integers("axis").stream()
                        .map(axis -> GraphOps.axis(axis, rank))
                        .sorted()
                        .toList()
                : List.of();
        config.ignore("axis");
        Output<?> mean;
        Output<?> variance;
        if (config.has("mean")) {
            mean = StoredNumbers.read(tf, config.value("mean"), x.dataType());
            variance = StoredNumbers.read(tf, config.value("variance"), x.dataType());
        } else {
            config.ignore("mean", "variance");
            long[] sizes =
                    axes.stream().mapToLong(axis -> GraphOps.known(x, axis)).toArray();
            mean = call.fixedWeight("mean", sizes);
            variance = call.fixedWeight("variance", sizes);
            call.weights().pass("count");
        }
        long[] broadcast = new long[rank];
        Arrays.fill(broadcast, 1);
        axes.forEach(axis -> broadcast[axis] = GraphOps.known(x, axis));
        Output<?> centre = tf.reshape(mean, broadcast);
        Output<?> deviation = tf.max(tf.op("Sqrt", tf.reshape(variance, broadcast)), tf.like(x, 1e-7));
        return isInverse ? tf.add(tf.mul(x, deviation), centre) : tf.div(tf.sub(x, centre), deviation);
    }
}
