package io.portolan.checkpoints;

import io.portolan.checkpoints.containers.MappedFile;
import io.portolan.checkpoints.containers.UnpackingLimits;
import io.portolan.checkpoints.numpy.NpyPart;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.numpy.VoidTypes;
import io.portolan.checkpoints.pickle.Budget;
import io.portolan.checkpoints.pickle.PickleReader;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.TextArray;
import io.portolan.checkpoints.values.Utf8;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arrays of a {@code .npz} archive by key, in the order of the file: numbers, and texts of numpy's types {@code U} and {@code S} or as
 * objects.
 *
 * @param numbers the arrays of numbers
 * @param texts the arrays of texts
 */
public record NumpyArrays(Map<String, ArrayData> numbers, Map<String, TextArray> texts) {
    public NumpyArrays {
        numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
        texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
    }

    /**
     * Reads an archive, which is memory-mapped and must not be modified while its arrays are in use. The pickles of objects are read by
     * {@link PickleReader}, which executes nothing.
     *
     * @throws CheckpointException if the file is not an intact archive of such arrays
     */
    public static NumpyArrays read(Path file) throws IOException {
        Map<String, ArrayData> numbers = new LinkedHashMap<>();
        Map<String, TextArray> texts = new LinkedHashMap<>();
        Map<String, NpyPart> parts = NpzArchive.parts(
                MappedFile.region(file), file.toString(), UnpackingLimits.defaults(), VoidTypes.none());
        for (Map.Entry<String, NpyPart> part : parts.entrySet()) {
            NpyPart array = part.getValue();
            if (array.holdsTexts()) {
                texts.put(part.getKey(), array.texts());
            } else if (array.holdsObjects()) {
                texts.put(part.getKey(), objects(file + ": array '" + part.getKey() + "'", array));
            } else {
                numbers.put(part.getKey(), array.onlyArray());
            }
        }
        return new NumpyArrays(numbers, texts);
    }

    private static TextArray objects(String name, NpyPart array) throws CheckpointException {
        ByteRegion pickle = array.behindHeader();
        List<String> elements = new ArrayList<>();
        addTexts(name, PickleReader.read(name, pickle, Budget.forFile(pickle.size())), elements);
        long count = 1;
        for (long size : array.shape()) {
            // Cut off, so that the product cannot overflow.
            count = Math.min(elements.size() + 1L, count * Math.min(size, elements.size() + 1L));
        }
        if (count != elements.size()) {
            throw new CheckpointException(
                    name + ": " + elements.size() + " texts: expected as many as the shape " + array.shape() + " has");
        }
        return new TextArray(array.shape(), elements);
    }

    /** Adds the texts of nested lists. */
    private static void addTexts(String name, Object value, List<String> elements) throws CheckpointException {
        if (value instanceof List<?> rows) {
            for (Object row : rows) {
                addTexts(name, row, elements);
            }
        } else if (value instanceof String text && Utf8.holds(text)) {
            elements.add(text);
        } else if (value instanceof ArrayData bytes && bytes.type() == ElementType.UINT8 && bytes.rank() == 1) {
            elements.add(decoded(name, bytes));
        } else {
            throw new CheckpointException(name + ": an array of objects that are no texts: expected texts or numbers");
        }
    }

    private static String decoded(String name, ArrayData bytes) throws CheckpointException {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.bytes()).toString();
        } catch (CharacterCodingException otherBytes) {
            throw new CheckpointException(name + ": bytes that are not UTF-8: expected texts", otherBytes);
        }
    }
}
