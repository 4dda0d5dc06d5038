package io.portolan.converter.verify;

import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One set of inputs to compare a model on.
 *
 * @param name its name in reports
 * @param tensors by input name
 */
public record InputSample(String name, Map<String, TensorData> tensors) {
    public InputSample {
        tensors = Map.copyOf(tensors);
    }

    /**
     * Reads an {@code .npz} file whose arrays have the names of the inputs.
     *
     * @throws IOException if it cannot be read, or holds elements of a type that no input can have
     */
    public static InputSample read(Path file) throws IOException {
        Map<String, TensorData> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, ArrayData> array : NpzArchive.read(file).entrySet()) {
            OnnxType type = type(array.getValue())
                    .orElseThrow(() -> new IOException(file + ": array '" + array.getKey() + "' is " + array.getValue()
                            + ", which cannot be fed to a model"));
            tensors.put(
                    array.getKey(),
                    new TensorData(
                            type, array.getValue().shape(), array.getValue().bytes()));
        }
        return new InputSample(file.toString(), tensors);
    }

    private static Optional<OnnxType> type(ArrayData array) {
        return switch (array.type()) {
            case FLOAT32 -> Optional.of(OnnxType.FLOAT);
            case FLOAT64 -> Optional.of(OnnxType.DOUBLE);
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
