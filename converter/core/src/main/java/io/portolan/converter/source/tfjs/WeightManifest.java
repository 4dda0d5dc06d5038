package io.portolan.converter.source.tfjs;

import com.google.protobuf.ByteString;
import io.portolan.checkpoints.json.JsonDocument;
import io.portolan.checkpoints.stores.Folder;
import io.portolan.checkpoints.stores.StoredValue;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.converter.ir.Float16;
import io.portolan.converter.tensorflow.ConstantNodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.TensorProto;

/** The weights of a model, in groups of files, by the name of the node that they are the value of. */
final class WeightManifest {
    /** The largest graph with its constants that protobuf can hold, and some room for its nodes. */
    private static final long MOST_BYTES = 1_800_000_000;

    private static final Map<String, DataType> TYPES = Map.of(
            "float32", DataType.DT_FLOAT,
            "int32", DataType.DT_INT32,
            "bool", DataType.DT_BOOL,
            "complex64", DataType.DT_COMPLEX64);

    private static final Map<DataType, Integer> BYTES = Map.of(
            DataType.DT_FLOAT, 4,
            DataType.DT_INT32, 4,
            DataType.DT_BOOL, 1,
            DataType.DT_COMPLEX64, 8);

    private static final Set<String> MEMBERS = Set.of("name", "shape", "dtype", "quantization");

    private final JsonDocument document;
    private final Folder folder;
    private final Map<String, TensorProto> weights = new LinkedHashMap<>();
    private long total;

    private WeightManifest(JsonDocument document, Folder folder) {
        this.document = document;
        this.folder = folder;
    }

    /**
     * Reads all weights.
     *
     * @param groups the member {@code weightsManifest}
     * @param folder the folder of the document, which the files must be in
     * @throws CheckpointException if a file is missing, or has other bytes than the weights need
     */
    static Map<String, TensorProto> read(JsonDocument document, Object groups, Folder folder) throws IOException {
        WeightManifest manifest = new WeightManifest(document, folder);
        for (Object group : document.list("weightsManifest", groups)) {
            manifest.readGroup(document.object("a group of weights", group));
        }
        return manifest.weights;
    }

    private void readGroup(Map<?, ?> group) throws IOException {
        List<StoredValue> files = new ArrayList<>();
        for (Object path : document.list("paths", group.get("paths"))) {
            String file = document.text("a path of weights", path);
            files.add(folder.find(file)
                    .orElseThrow(() -> new CheckpointException(
                            folder.name() + ": there is no " + file + ", which " + document.name() + " names")));
        }
        WeightShards shards = new WeightShards(document.name() + ": " + group.get("paths"), files);
        long offset = 0;
        for (Object weight : document.list("weights", group.get("weights"))) {
            offset += read(document.object("a weight", weight), shards, offset);
        }
        if (offset != shards.size()) {
            throw new CheckpointException(
                    shards.name() + ": " + shards.size() + " bytes: expected " + offset + ", the sizes of the weights");
        }
    }

    /** Reads a weight and returns the number of its bytes. */
    private long read(Map<?, ?> weight, WeightShards shards, long offset) throws IOException {
        String name = document.text("the name of a weight", weight.get("name"));
        for (Object member : weight.keySet()) {
            if (!MEMBERS.contains(member)) {
                throw document.wrong("weight " + name, member, "members among " + MEMBERS);
            }
        }
        DataType type = TYPES.get(document.text("dtype of " + name, weight.get("dtype")));
        if (type == null) {
            throw document.wrong("dtype of " + name, weight.get("dtype"), "one of " + TYPES.keySet());
        }
        long[] shape = document.sizes("shape of " + name, weight.get("shape"));
        long count = 1;
        for (long size : shape) {
            count = size == 0 ? 0 : count > MOST_BYTES / size ? MOST_BYTES : count * size;
        }
        total += count * BYTES.get(type);
        if (total > MOST_BYTES) {
            throw new CheckpointException(document.name() + ": more than " + MOST_BYTES
                    + " bytes of weights: expected fewer; convert the SavedModel that it was made from");
        }
        Object declared = weight.get("quantization");
        Quantization quantization = declared == null ? null : Quantization.of(document, name, declared);
        int width = quantization == null ? BYTES.get(type) : quantization.bytes();
        ByteBuffer stored = ByteBuffer.wrap(shards.read(offset, Math.toIntExact(count * width)))
                .order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer elements = quantization == null ? stored : quantization.undone(stored, type);
        TensorProto tensor = TensorProto.newBuilder()
                .setDtype(type)
                .setTensorShape(ConstantNodes.shape(shape))
                .setTensorContent(ByteString.copyFrom(elements))
                .build();
        if (weights.put(name, tensor) != null) {
            throw document.wrong("weightsManifest", name, "each weight once");
        }
        return count * width;
    }

    /**
     * The smaller type that weights are stored in; integers stand for {@code integer·scale + min}.
     *
     * @param bytes the bytes of a stored element
     */
    private record Quantization(String stored, int bytes, double scale, double min) {
        private static final Map<String, Integer> WIDTHS = Map.of("uint8", 1, "uint16", 2, "float16", 2);

        static Quantization of(JsonDocument document, String weight, Object json) throws CheckpointException {
            Map<?, ?> members = document.object("quantization of " + weight, json);
            String stored = document.text("dtype of the quantization of " + weight, members.get("dtype"));
            Integer width = WIDTHS.get(stored);
            if (width == null) {
                throw document.wrong("dtype of the quantization of " + weight, stored, "one of " + WIDTHS.keySet());
            }
            boolean isScaled = !stored.equals("float16");
            return new Quantization(
                    stored,
                    width,
                    isScaled ? number(document, weight, members.get("scale")) : 1,
                    isScaled ? number(document, weight, members.get("min")) : 0);
        }

        private static double number(JsonDocument document, String weight, Object json) throws CheckpointException {
            if (json instanceof Number number) {
                return number.doubleValue();
            }
            throw document.wrong("scale or min of the quantization of " + weight, json, "a number");
        }

        /** Elements of the weight's own type: TensorFlow.js computes in double precision and rounds once. */
        ByteBuffer undone(ByteBuffer elements, DataType type) throws CheckpointException {
            if (type != DataType.DT_FLOAT && (type != DataType.DT_INT32 || stored.equals("float16"))) {
                throw new CheckpointException("a weight of " + type + " is stored as " + stored
                        + ": expected that of float32, or integers of int32");
            }
            ByteBuffer wide =
                    ByteBuffer.allocate(elements.remaining() / bytes * 4).order(ByteOrder.LITTLE_ENDIAN);
            while (elements.hasRemaining()) {
                double number = switch (stored) {
                    case "uint8" -> Byte.toUnsignedInt(elements.get()) * scale + min;
                    case "uint16" -> Short.toUnsignedInt(elements.getShort()) * scale + min;
                    default -> Float16.toFloat(elements.getShort());
                };
                if (type == DataType.DT_FLOAT) {
                    wide.putFloat((float) number);
                } else {
                    wide.putInt((int) Math.floor(number + 0.5));
                }
            }
            return wide.flip();
        }
    }
}
