package io.portolan.converter.tensorflow;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Output;
import org.tensorflow.proto.DataType;

/** Small networks of common kinds. */
public final class Networks {
    private static final DataType FLOAT = DataType.DT_FLOAT;

    private Networks() {}

    public static Network perceptron() {
        Network net = new Network();
        Output<?> x = net.input("features", FLOAT, -1, 20);
        Output<?> hidden = net.op("Relu", net.dense(x, 20, 64));
        Output<?> logits = net.dense(net.op("Elu", net.dense(hidden, 64, 32)), 32, 10);
        return net.output("probabilities", net.op("Softmax", logits))
                .output("class", net.op("ArgMax", logits, net.ops().scalar(-1)));
    }

    public static Network convolutional() {
        Network net = new Network();
        Output<?> x = net.input("image", FLOAT, -1, 28, 28, 1);
        x = net.maxPool(net.op("Relu", net.batchNorm(net.conv(x, 1, 16, 3, 1), 16)), 2, 2);
        x = net.maxPool(net.op("Relu", net.batchNorm(net.conv(x, 16, 32, 3, 1), 32)), 2, 2);
        Output<?> flat = net.op("Reshape", x, net.ops().ints(-1, 7 * 7 * 32));
        return net.output("logits", net.dense(flat, 7 * 7 * 32, 10));
    }

    static Network residual() {
        Network net = new Network();
        Output<?> x = net.input("image", FLOAT, -1, 32, 32, 3);
        x = net.maxPool(net.op("Relu", net.batchNorm(net.conv(x, 3, 16, 7, 2), 16)), 3, 2);
        x = residualBlock(net, x, 16, 16, 1);
        x = residualBlock(net, x, 16, 32, 2);
        x = residualBlock(net, x, 32, 32, 1);
        return net.output("logits", net.dense(net.mean(x, false, 1, 2), 32, 10));
    }

    private static Output<?> residualBlock(Network net, Output<?> x, long from, long to, long stride) {
        Output<?> shortcut = from == to ? x : net.batchNorm(net.conv(x, from, to, 1, stride), to);
        Output<?> inner = net.op("Relu", net.batchNorm(net.conv(x, from, to, 3, stride), to));
        return net.op("Relu", net.op("AddV2", net.batchNorm(net.conv(inner, to, to, 3, 1), to), shortcut));
    }

    /** Normalised and activated before each convolution, with padding as layers of their own and normalisation as arithmetic. */
    static Network preactivated() {
        Network net = new Network();
        Output<?> x = net.input("image", FLOAT, -1, 32, 32, 3);
        x = preactivatedBlock(net, net.padConv(x, 3, 16, 7, 2), 16, 32, 2);
        x = preactivatedBlock(net, x, 32, 32, 1);
        Output<?> active = net.op("Relu", net.batchNormByArithmetic(x, 32));
        return net.output("logits", net.dense(net.mean(active, false, 1, 2), 32, 10));
    }

    /** ResNet50V2 for images of 224×224 pixels: stages of 3, 4, 6 and 3 blocks, the last of each but the last with a stride. */
    static Network resNet50V2() {
        Network net = new Network();
        Output<?> x = net.input("image", FLOAT, -1, 224, 224, 3);
        x = net.maxPool(net.padConv(x, 3, 64, 7, 2), 3, 2);
        int channels = 64;
        int[] blocks = {3, 4, 6, 3};
        for (int stage = 0; stage < blocks.length; stage++) {
            int narrow = 64 << stage;
            for (int block = 1; block <= blocks[stage]; block++) {
                int stride = block == blocks[stage] && stage < blocks.length - 1 ? 2 : 1;
                x = bottleneck(net, x, channels, narrow, block == 1, stride);
                channels = 4 * narrow;
            }
        }
        Output<?> active = net.op("Relu", net.batchNormByArithmetic(x, channels));
        return net.output("probabilities", net.op("Softmax", net.dense(net.mean(active, false, 1, 2), channels, 1000)));
    }

    private static Output<?> bottleneck(
            Network net, Output<?> x, int from, int narrow, boolean isProjected, int stride) {
        Output<?> active = net.op("Relu", net.batchNormByArithmetic(x, from));
        Output<?> unchanged = stride == 1 ? x : net.maxPool(x, 1, stride);
        Output<?> shortcut = isProjected
                ? net.op("BiasAdd", net.conv(active, from, 4 * narrow, 1, stride), net.weight(.1, 4 * narrow))
                : unchanged;
        Output<?> first = net.op("Relu", net.batchNormByArithmetic(net.conv(active, from, narrow, 1, 1), narrow));
        Output<?> second =
                net.op("Relu", net.batchNormByArithmetic(net.padConv(first, narrow, narrow, 3, stride), narrow));
        return net.op(
                "AddV2",
                shortcut,
                net.op("BiasAdd", net.conv(second, narrow, 4 * narrow, 1, 1), net.weight(.1, 4 * narrow)));
    }

    private static Output<?> preactivatedBlock(Network net, Output<?> x, long from, long to, long stride) {
        Output<?> active = net.op("Relu", net.batchNormByArithmetic(x, from));
        Output<?> shortcut = from == to ? x : net.conv(active, from, to, 1, stride);
        Output<?> narrow = net.op("Relu", net.batchNormByArithmetic(net.conv(active, from, 8, 1, 1), 8));
        Output<?> filtered = net.op("Relu", net.batchNormByArithmetic(net.padConv(narrow, 8, 8, 3, stride), 8));
        return net.op("AddV2", net.op("BiasAdd", net.conv(filtered, 8, to, 1, 1), net.weight(.1, to)), shortcut);
    }

    /** Each layer adds channels to those of all layers before it. */
    static Network denselyConnected() {
        Network net = new Network();
        Output<?> x = net.input("image", FLOAT, -1, 16, 16, 3);
        x = net.conv(x, 3, 8, 3, 1);
        for (int layer = 0; layer < 3; layer++) {
            int channels = 8 + 4 * layer;
            Output<?> more = net.conv(net.op("Relu", net.batchNorm(x, channels)), channels, 4, 3, 1);
            x = net.op("ConcatV2", List.of(x, more), net.ops().scalar(3));
        }
        return net.output("logits", net.dense(net.mean(net.op("Relu", x), false, 1, 2), 20, 10));
    }

    static Network mobile() {
        Network net = new Network();
        Output<?> x = net.input("image", FLOAT, -1, 32, 32, 3);
        x = net.op("Relu6", net.batchNorm(net.conv(x, 3, 16, 3, 2), 16));
        x = invertedResidual(net, x, 16, 16, 1);
        x = invertedResidual(net, x, 16, 24, 2);
        x = invertedResidual(net, x, 24, 24, 1);
        return net.output("probabilities", net.op("Softmax", net.dense(net.mean(x, false, 1, 2), 24, 10)));
    }

    private static Output<?> invertedResidual(Network net, Output<?> x, long from, long to, long stride) {
        Output<?> wide = net.op("Relu6", net.batchNorm(net.conv(x, from, 4 * from, 1, 1), 4 * from));
        Output<?> filtered = net.op("Relu6", net.batchNorm(net.depthwise(wide, 4 * from, stride), 4 * from));
        Output<?> narrow = net.batchNorm(net.conv(filtered, 4 * from, to, 1, 1), to);
        return from == to && stride == 1 ? net.op("AddV2", x, narrow) : narrow;
    }

    /** Tokens in, any number of them; a mask keeps padding out. */
    static Network transformer() {
        int width = 32;
        Network net = new Network();
        Output<?> ids = net.input("ids", DataType.DT_INT32, -1, -1);
        Output<?> mask = net.input("mask", FLOAT, -1, -1);
        Output<?> length = net.op(
                "StridedSlice",
                Map.of("shrink_axis_mask", 1),
                net.op("Shape", ids),
                net.ops().ints(1),
                net.ops().ints(2),
                net.ops().ints(1));
        Output<?> positions =
                net.op("Range", net.ops().scalar(0), length, net.ops().scalar(1));
        Output<?> x = net.op(
                "AddV2",
                net.op("GatherV2", net.weight(1, 50, width), ids, net.ops().scalar(0)),
                net.op(
                        "GatherV2",
                        net.weight(.3, 64, width),
                        positions,
                        net.ops().scalar(0)));
        Output<?> penalty = net.op("Mul", net.op("Sub", net.number(1), mask), net.number(-1e4));
        for (int layer = 0; layer < 2; layer++) {
            x = net.layerNorm(net.op("AddV2", x, attention(net, x, penalty, width, 4)), width);
            Output<?> hidden = net.gelu(net.dense3(x, width, 4 * width));
            x = net.layerNorm(net.op("AddV2", x, net.dense3(hidden, 4 * width, width)), width);
        }
        Output<?> first = net.op(
                "StridedSlice",
                Map.of("begin_mask", 1, "end_mask", 1, "shrink_axis_mask", 2),
                x,
                net.ops().ints(0, 0),
                net.ops().ints(0, 1),
                net.ops().ints(1, 1));
        return net.output("states", x)
                .output("logits", net.dense(net.op("Tanh", net.dense(first, width, width)), width, 3));
    }

    private static Output<?> attention(Network net, Output<?> x, Output<?> penalty, int width, int heads) {
        int size = width / heads;
        Output<?> query = heads(net, x, width, heads);
        Output<?> key = heads(net, x, width, heads);
        Output<?> value = heads(net, x, width, heads);
        Output<?> scores = net.op(
                "Mul", net.op("BatchMatMulV2", Map.of("adj_y", true), query, key), net.number(1 / Math.sqrt(size)));
        Output<?> masked = net.op(
                "AddV2",
                scores,
                net.op(
                        "ExpandDims",
                        net.op("ExpandDims", penalty, net.ops().scalar(1)),
                        net.ops().scalar(1)));
        Output<?> mixed = net.op("BatchMatMulV2", net.op("Softmax", masked), value);
        return net.op(
                "Einsum",
                Map.of("equation", "bhtd,hdo->bto"),
                List.of(mixed, net.weight(1 / Math.sqrt(width), heads, size, width)));
    }

    private static Output<?> heads(Network net, Output<?> x, int width, int heads) {
        return net.op(
                "Einsum",
                Map.of("equation", "btc,chd->bhtd"),
                List.of(x, net.weight(1 / Math.sqrt(width), width, heads, width / heads)));
    }

    /** Power in mel-like bands of frames of 64 samples, every 32. */
    public static Network spectrogram() {
        int frame = 64;
        int frames = 1 + (1000 - frame) / 32;
        Network net = new Network();
        Output<?> x = net.input("samples", FLOAT, -1, 1000);
        int[] places = IntStream.range(0, frames * frame)
                .map(i -> i / frame * 32 + i % frame)
                .toArray();
        Output<?> index = net.op("Reshape", net.ops().ints(places), net.ops().ints(frames, frame));
        Output<?> framed = net.op("GatherV2", x, index, net.ops().scalar(1));
        double[] hann = IntStream.range(0, frame)
                .mapToDouble(i -> .5 - .5 * Math.cos(2 * Math.PI * i / frame))
                .toArray();
        Output<?> spectrum = net.op(
                "RFFT",
                net.op("Mul", framed, net.ops().numbers(hann)),
                net.ops().ints(frame));
        Output<?> power = net.op("Square", net.op("ComplexAbs", spectrum));
        Output<?> bands = net.op("BatchMatMulV2", power, net.op("Abs", net.weight(.1, frame / 2 + 1, 12)));
        return net.output("bands", net.op("Log", net.op("AddV2", bands, net.number(1e-3))));
    }
}
