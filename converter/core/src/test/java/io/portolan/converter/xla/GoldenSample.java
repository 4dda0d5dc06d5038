package io.portolan.converter.xla;

import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.pickle.PickleReader;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.programs.GoldenProgram;
import io.portolan.programs.Program;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Elements;
import io.portolan.programs.stablehlo.TensorType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What JAX took and gave in a run of a golden program.
 *
 * @param inputs the values of all leaves of the arguments, by path: {@code [0]['params']['w']}
 * @param outputs the values of the results, by path; the path of a single result is empty
 */
public record GoldenSample(Map<String, Elements> inputs, Map<String, Elements> outputs) {
    private static final String BFLOAT16 = ":bfloat16";

    /** The recorded run of a program. */
    public static GoldenSample of(GoldenProgram golden) throws IOException {
        Map<String, Elements> inputs = new LinkedHashMap<>();
        Map<String, Elements> outputs = new LinkedHashMap<>();
        if (golden.has("params.pkl")) {
            flatten("[0]", PickleReader.read("params.pkl", ByteBuffer.wrap(golden.bytes("params.pkl"))), inputs);
        }
        NpzArchive.read(ByteBuffer.wrap(golden.bytes("io.npz")), "io.npz").forEach((key, array) -> {
            if (key.startsWith("in")) {
                inputs.put(path(key, "in"), elements(key, array));
            } else {
                outputs.put(path(key, "out"), elements(key, array));
            }
        });
        return new GoldenSample(inputs, outputs);
    }

    /** The values of the arguments that the code takes, in order. */
    public List<Elements> usedInputs(Program program) {
        return program.usedArguments().stream()
                .map(argument -> {
                    Elements value = inputs.get(argument.path());
                    if (value == null) {
                        throw new IllegalStateException("no value of " + argument.path() + " in " + inputs.keySet());
                    }
                    return value;
                })
                .toList();
    }

    /** The values of the results, in order. */
    public List<Elements> outputs(Program program) {
        return program.results().stream()
                .map(result -> outputs.get(result.path()))
                .toList();
    }

    /** In the order of JAX: dictionaries by sorted keys. */
    private static void flatten(String path, Object value, Map<String, Elements> leaves) {
        if (value instanceof ArrayData array) {
            leaves.put(path, elements("", array));
        } else if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, item) -> sorted.put(key.toString(), item));
            sorted.forEach((key, item) -> flatten(path + "['" + key + "']", item, leaves));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                flatten(path + "[" + i + "]", list.get(i), leaves);
            }
        } else {
            throw new IllegalStateException(path + " is a " + value.getClass());
        }
    }

    private static String path(String key, String prefix) {
        String path = key.substring(prefix.length());
        return path.endsWith(BFLOAT16) ? path.substring(0, path.length() - BFLOAT16.length()) : path;
    }

    private static Elements elements(String key, ArrayData array) {
        ElementType type = key.endsWith(BFLOAT16)
                ? ElementType.BF16
                : switch (array.type()) {
                    case BOOL -> ElementType.I1;
                    case INT8 -> ElementType.I8;
                    case INT16 -> ElementType.I16;
                    case INT32 -> ElementType.I32;
                    case INT64 -> ElementType.I64;
                    case UINT8 -> ElementType.UI8;
                    case UINT16 -> ElementType.UI16;
                    case UINT32 -> ElementType.UI32;
                    case UINT64 -> ElementType.UI64;
                    case FLOAT16 -> ElementType.F16;
                    case BFLOAT16 -> ElementType.BF16;
                    case FLOAT32 -> ElementType.F32;
                    case FLOAT64 -> ElementType.F64;
                    case COMPLEX64 -> ElementType.C64;
                    case COMPLEX128 -> ElementType.C128;
                    default -> throw new IllegalStateException(key + " is of type " + array.type());
                };
        return new Elements(TensorType.of(type, array.shape()), array.bytes());
    }
}
