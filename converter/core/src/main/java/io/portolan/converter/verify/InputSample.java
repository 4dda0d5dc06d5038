package io.portolan.converter.verify;

import io.portolan.checkpoints.NumpyArrays;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.Shapes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One set of inputs to compare a model on, possibly with the outputs that belong to them.
 *
 * @param name its name in reports
 * @param tensors by name of an input, or of an output
 */
public record InputSample(String name, Map<String, TensorData> tensors) {
    private static final String BFLOAT16 = ":bfloat16";

    public InputSample {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }

    /**
     * Reads an {@code .npz} file whose arrays have the names of the inputs, and possibly of outputs. A complex array becomes one of pairs
     * of real and imaginary part; texts may be of numpy's types {@code U} and {@code S}, or objects. numpy has no bfloat16: such an array is stored as its bits, {@code uint16}, under a name that ends in
     * {@code :bfloat16}.
     *
     * @throws IOException if it cannot be read, or holds elements of a type that no input can have
     */
    public static InputSample read(Path file) throws IOException {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        NumpyArrays arrays = NumpyArrays.read(file);
        arrays.texts()
                .forEach((name, array) ->
                        tensors.put(name, TensorData.ofTexts(array.elements(), Shapes.array(array.shape()))));
        for (Map.Entry<String, ArrayData> entry : arrays.numbers().entrySet()) {
            ArrayData array = entry.getValue();
            String name = entry.getKey();
            boolean isBits = name.endsWith(BFLOAT16) && array.type() == ElementType.UINT16;
            if (isBits) {
                name = name.substring(0, name.length() - BFLOAT16.length());
            }
            OnnxType type = type(array)
                    .orElseThrow(() -> new IOException(file + ": array '" + entry.getKey() + "' is " + array
                            + ", which cannot be fed to a model"));
            tensors.put(name, new TensorData(isBits ? OnnxType.BFLOAT16 : type, shape(array), array.bytes()));
        }
        return new InputSample(file.toString(), tensors);
    }

    private static long[] shape(ArrayData array) {
        long[] shape = array.shape();
        boolean isComplex = array.type() == ElementType.COMPLEX64 || array.type() == ElementType.COMPLEX128;
        if (!isComplex) {
            return shape;
        }
        long[] pairs = Arrays.copyOf(shape, shape.length + 1);
        pairs[shape.length] = 2;
        return pairs;
    }

    private static Optional<OnnxType> type(ArrayData array) {
        return switch (array.type()) {
            case FLOAT32, COMPLEX64 -> Optional.of(OnnxType.FLOAT);
            case FLOAT64, COMPLEX128 -> Optional.of(OnnxType.DOUBLE);
            case UINT32 -> Optional.of(OnnxType.UINT32);
            case UINT64 -> Optional.of(OnnxType.UINT64);
            case FLOAT16 -> Optional.of(OnnxType.FLOAT16);
            case INT8 -> Optional.of(OnnxType.INT8);
            case INT16 -> Optional.of(OnnxType.INT16);
            case INT32 -> Optional.of(OnnxType.INT32);
            case INT64 -> Optional.of(OnnxType.INT64);
            case UINT8 -> Optional.of(OnnxType.UINT8);
            case UINT16 -> Optional.of(OnnxType.UINT16);
            case BOOL -> Optional.of(OnnxType.BOOL);
            default -> Optional.empty();
        };
    }
}
