package io.portolan.cli.compatibility;

import io.portolan.converter.WeightType;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The export variants to test, each given by its command line options. */
enum Variant {
    FUSED(),
    FAITHFUL("--plan", "faithful"),
    DFT("--fft", "dft"),
    SCAN("--scan", "scan"),
    OPSET_13("--opset", "13"),
    OPSET_21("--opset", "21"),
    FLOAT16(WeightType.FLOAT16, "--dtype", "float16"),
    INT8(WeightType.INT8, "--dtype", "int8"),
    FOR_OPENCV("--target", "opencv"),
    FAITHFUL_FOR_OPENCV("--target", "opencv", "--plan", "faithful"),
    OPSET_13_FOR_OPENCV("--target", "opencv", "--opset", "13"),
    OPSET_21_FOR_OPENCV("--target", "opencv", "--opset", "21"),
    FLOAT16_FOR_OPENCV(WeightType.FLOAT16, "--target", "opencv", "--dtype", "float16"),
    INT8_FOR_OPENCV(WeightType.INT8, "--target", "opencv", "--dtype", "int8");

    private final WeightType weights;
    private final List<String> options;

    Variant(String... options) {
        this(WeightType.FLOAT32, options);
    }

    Variant(WeightType weights, String... options) {
        this.weights = weights;
        this.options = List.of(options);
    }

    /** What {@code convert} is given. */
    List<String> options() {
        return options;
    }

    boolean isForOpenCv() {
        return options.contains("opencv");
    }

    /** The type that weights are stored in, and with it the difference from TensorFlow that is the price of it. */
    WeightType weights() {
        return weights;
    }

    String fileName() {
        return name().toLowerCase(Locale.ROOT) + ".onnx";
    }

    static Stream<Variant> stream() {
        return Stream.of(values());
    }

    /** How the page calls it. */
    @Override
    public String toString() {
        return options.isEmpty() ? "no options" : "`" + String.join(" ", options) + "`";
    }
}
