package io.portolan.checkpoints.msgpack;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads MessagePack as plain values, with Flax's extension types. */
final class MessagePackReader {
    private static final int DEEPEST = 100;
    private static final int MOST_VALUES = 1_000_000;

    private final MessagePackInput in;
    private int depth;
    private int values;

    MessagePackReader(MessagePackInput in) {
        this(in, 0);
    }

    private MessagePackReader(MessagePackInput in, int depth) {
        this.in = in;
        this.depth = depth;
    }

    Object value() throws CheckpointException {
        if (++values > MOST_VALUES) {
            throw in.error(
                    "more values than the reader's budget",
                    "at most " + MOST_VALUES + "; a real checkpoint needs far fewer");
        }
        return Code.read(this, in);
    }

    MessagePackInput input() {
        return in;
    }

    /** Reads a single value, which must be the rest of the input. */
    Object only() throws CheckpointException {
        Object value = value();
        if (in.remaining() > 0) {
            throw in.error(in.remaining() + " bytes follow the value", "the end of the data");
        }
        return value;
    }

    Object map(long size) throws CheckpointException {
        enter(size);
        Map<Object, Object> map = new LinkedHashMap<>();
        for (long i = 0; i < size; i++) {
            Object key = value();
            if (!(key instanceof String || key instanceof Long || key instanceof Boolean)) {
                throw in.error("a key that is neither text nor an integer", "text as Flax writes it");
            }
            Object value = value();
            if (map.put(key, value) != null) {
                throw in.error("a key comes twice", "each key once");
            }
        }
        depth--;
        return FlaxExtensions.isChunked(map) ? FlaxExtensions.joined(map, in) : Collections.unmodifiableMap(map);
    }

    Object array(long size) throws CheckpointException {
        enter(size);
        List<Object> list = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            list.add(value());
        }
        depth--;
        return Collections.unmodifiableList(list);
    }

    /** Reads bytes as an array of uint8, as in pickles. */
    ArrayData binary(long size) throws CheckpointException {
        return ArrayData.of(ElementType.UINT8, new long[] {size}, in.take(size));
    }

    Object extension(long size) throws CheckpointException {
        int type = in.unsignedByte();
        requireShallow();
        return FlaxExtensions.read(type, new MessagePackReader(in.section(size), depth + 1));
    }

    /** Enters a container. Each element takes at least one byte, which bounds the declared size by the file's. */
    private void enter(long size) throws CheckpointException {
        if (size > in.remaining()) {
            throw in.error(
                    "it declares " + size + " elements and the file has " + in.remaining() + " bytes left",
                    "at least as many bytes; the file may be cut short");
        }
        depth++;
        requireShallow();
    }

    private void requireShallow() throws CheckpointException {
        if (depth > DEEPEST) {
            throw in.error("containers nested more than " + DEEPEST + " deep", "a flatter tree");
        }
    }
}
