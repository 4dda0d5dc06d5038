package io.portolan.checkpoints;

import io.portolan.checkpoints.numpy.NpyPart;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.Quotation;
import io.portolan.checkpoints.values.Utf8;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The form of a checkpoint in a {@code .npz} archive: {@link FlatForm} with {@code epoch} and {@code step} as int64
 * scalars and the document as an array of bytes named {@code portolan}.
 */
final class NpzForm {
    private NpzForm() {}

    static Map<String, ArrayData> of(Checkpoint checkpoint) {
        FlatForm flat = FlatForm.of(checkpoint, type -> !type.isExtension(), checkpoint.metadata());
        Map<String, ArrayData> arrays = new LinkedHashMap<>(flat.arrays());
        checkpoint.epoch().ifPresent(epoch -> arrays.put(ParameterSearch.EPOCH, scalar(epoch)));
        checkpoint.step().ifPresent(step -> arrays.put(ParameterSearch.STEP, scalar(step)));
        flat.document().ifPresent(json -> arrays.put(FlatForm.DOCUMENT, text(json)));
        return arrays;
    }

    /** Reads an archive. An array of objects stands at the top under its whole name. */
    static FileTree read(String file, Map<String, NpyPart> archive, ReadOptions options) throws CheckpointException {
        Map<String, ArrayData> arrays = new LinkedHashMap<>();
        Map<String, Object> objects = new LinkedHashMap<>();
        for (Map.Entry<String, NpyPart> part : archive.entrySet()) {
            if (part.getValue().holdsObjects()) {
                objects.put(
                        part.getKey(),
                        NpyForm.only(file + "!" + Quotation.of(part.getKey()), part.getValue(), options));
            } else {
                arrays.put(part.getKey(), part.getValue().onlyArray());
            }
        }
        FileTree tree = flat(file, arrays);
        if (objects.isEmpty()) {
            return tree;
        }
        Map<Object, Object> root = new LinkedHashMap<>((Map<?, ?>) tree.root());
        for (Map.Entry<String, Object> object : objects.entrySet()) {
            if (root.putIfAbsent(object.getKey(), object.getValue()) != null) {
                throw new CheckpointException(file + ": the name " + Quotation.of(object.getKey())
                        + " is that of other arrays too: expected names that make a tree");
            }
        }
        return new FileTree(root, tree.metadata(), tree.marked());
    }

    private static FileTree flat(String file, Map<String, ArrayData> archive) throws CheckpointException {
        Map<String, ArrayData> arrays = new LinkedHashMap<>(archive);
        Optional<ArrayData> document = Optional.ofNullable(arrays.get(FlatForm.DOCUMENT))
                .filter(array -> array.type() == ElementType.UINT8 && array.rank() == 1);
        document.ifPresent(array -> arrays.remove(FlatForm.DOCUMENT));
        return new FlatForm(
                        arrays,
                        document.map(array ->
                                StandardCharsets.UTF_8.decode(array.bytes()).toString()))
                .tree(file);
    }

    private static ArrayData scalar(long value) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value);
        return ArrayData.of(ElementType.INT64, new long[0], bytes.flip());
    }

    private static ArrayData text(String json) {
        byte[] utf8 = Utf8.encode(json);
        return ArrayData.of(ElementType.UINT8, new long[] {utf8.length}, ByteBuffer.wrap(utf8));
    }
}
