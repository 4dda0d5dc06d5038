package io.portolan.checkpoints;

import io.portolan.checkpoints.numpy.NpyFile;
import io.portolan.checkpoints.numpy.NpyPart;
import io.portolan.checkpoints.pickle.Budget;
import io.portolan.checkpoints.pickle.PickleReader;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The form of a checkpoint in a {@code .npy} file: one array, which may be an object such as a dictionary of arrays, or the
 * leaves of a tree one after the other, as Equinox writes them; often behind a line of JSON, by custom the hyperparameters.
 */
final class NpyForm {
    /** The entry of the metadata that holds the line of JSON. */
    static final String HEADER = "header";

    /** numpy's name for an array that was saved without one. */
    private static final String UNNAMED = "arr_0";

    private static final int LONGEST_HEADER = 1 << 16;
    private static final int MOST_LEAVES = 100_000;
    private static final String MAGIC = "\u0093NUMPY";

    private NpyForm() {}

    /** Whether a file starts with an array, or with a line of JSON before one. */
    static boolean matches(ByteBuffer file) {
        return NpyFile.MAGIC.matches(file) || headerLength(file) > 0;
    }

    static FileTree read(String name, ByteRegion file, ReadOptions options) throws IOException {
        int header = headerLength(file.head(LONGEST_HEADER));
        Map<String, Object> leaves = leaves(name, file.slice(header), options);
        if (header == 0 && leaves.size() == 1) {
            Object only = leaves.get("0");
            return FileTree.of(name, only instanceof ArrayData ? Map.of(UNNAMED, only) : only);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put(ParameterSearch.PARAMETERS, leaves);
        if (header > 0) {
            String json = StandardCharsets.UTF_8.decode(file.head(header)).toString();
            root.put(HEADER, Json.readObject(name, json));
        }
        return FileTree.of(name, root);
    }

    /** The only value of bytes: an array, or what an array of objects holds. */
    static Object only(String name, NpyPart part, ReadOptions options) throws CheckpointException {
        if (!part.holdsObjects()) {
            return part.onlyArray();
        }
        ByteRegion pickle = part.behindHeader();
        Budget budget = Budget.forFile(pickle.size());
        return PickleReader.read(name, pickle, budget);
    }

    /** The arrays of a file under {@code 0}, {@code 1} and so on. */
    private static Map<String, Object> leaves(String name, ByteRegion file, ReadOptions options)
            throws CheckpointException {
        Map<String, Object> leaves = new LinkedHashMap<>();
        for (long start = 0; start < file.size(); ) {
            String leaf = start == 0 ? name : name + ", array " + leaves.size() + " at byte " + start;
            ByteRegion rest = file.slice(start);
            if (leaves.size() == MOST_LEAVES) {
                throw new CheckpointException(leaf + ": expected at most " + MOST_LEAVES + " arrays in a row");
            }
            NpyPart part = NpyFile.part(rest, leaf, options.voidTypes());
            if (part.holdsObjects() && start == 0) {
                leaves.put("0", only(leaf, part, options));
                return leaves;
            }
            leaves.put(Integer.toString(leaves.size()), part.array());
            start += part.length();
        }
        return leaves;
    }

    /** The length of the line of JSON before the first array, with its end; 0 if there is none. */
    private static int headerLength(ByteBuffer file) {
        ByteBuffer head = file.slice(file.position(), Math.min(LONGEST_HEADER, file.remaining()));
        if (!head.hasRemaining() || head.get(0) != '{') {
            return 0;
        }
        String text = StandardCharsets.ISO_8859_1.decode(head).toString();
        int end = text.indexOf('\n') + 1;
        return end > 0 && text.startsWith(MAGIC, end) ? end : 0;
    }
}
