package io.portolan.spark;

import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import io.portolan.runtime.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.Vector;
import scala.collection.Seq;

/**
 * What one row gives to one input of a model: a tensor without the axis of the batch.
 *
 * @param shape without the batch
 * @param bytes row-major and little-endian; texts each with their length in front
 */
record RowTensor(long[] shape, byte[] bytes) {

    /**
     * Reads a value of a column: a number, text or boolean, nested arrays, a vector of Spark ML, or the bytes of the elements. The elements of a
     * flat array or vector may be those of any shape of the model, in row-major order.
     *
     * @param spec of the input, the batch being its first axis
     * @throws RowException if the value does not fit the input
     */
    static RowTensor of(Object value, TensorSpec spec, String input) {
        try {
            if (value instanceof byte[] bytes && spec.type() != ElementType.STRING) {
                return raw(bytes, spec);
            }
            List<Object> elements = new ArrayList<>();
            List<Long> nested = new ArrayList<>();
            flatten(value, 0, nested, elements);
            long[] shape = fitted(nested.stream().mapToLong(Long::longValue).toArray(), elements.size(), spec);
            return new RowTensor(shape, encoded(elements, spec, input));
        } catch (RowException wrong) {
            throw new RowException("input '" + input + "', " + spec + ": " + wrong.getMessage(), wrong);
        }
    }

    private static void flatten(Object value, int depth, List<Long> shape, List<Object> elements) {
        List<?> items = items(value);
        if (items == null) {
            if (depth != shape.size()) {
                throw new RowException("the arrays are nested to different depths");
            }
            elements.add(value);
            return;
        }
        boolean isFirstAtItsDepth = depth == shape.size() && elements.isEmpty();
        if (isFirstAtItsDepth) {
            shape.add((long) items.size());
        } else if (depth >= shape.size() || shape.get(depth) != items.size()) {
            throw new RowException("the arrays within an array have different lengths");
        }
        for (Object item : items) {
            flatten(item, depth + 1, shape, elements);
        }
    }

    private static List<?> items(Object value) {
        if (value instanceof Seq<?> sequence) {
            return IntStream.range(0, sequence.length())
                    .mapToObj(sequence::apply)
                    .toList();
        }
        if (value instanceof Vector vector) {
            return Arrays.stream(vector.toArray()).boxed().toList();
        }
        return value instanceof List<?> list ? list : null;
    }

    private static byte[] encoded(List<Object> elements, TensorSpec spec, String input) {
        if (spec.type() == ElementType.STRING) {
            return encodedTexts(elements);
        }
        Elements type = Elements.of(spec.type(), "input '" + input + "'");
        ByteBuffer bytes = ByteBuffer.allocate(
                        Math.multiplyExact(elements.size(), spec.type().bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        elements.forEach(element -> type.write(element, bytes));
        return bytes.array();
    }

    private static byte[] encodedTexts(List<Object> elements) {
        List<byte[]> texts = new ArrayList<>();
        int size = 0;
        for (Object element : elements) {
            byte[] text;
            if (element instanceof String characters) {
                text = characters.getBytes(StandardCharsets.UTF_8);
            } else if (element instanceof byte[] bytes) {
                text = bytes;
            } else {
                throw new RowException("expected text, got " + element);
            }
            texts.add(text);
            size = Math.addExact(size, Math.addExact(Integer.BYTES, text.length));
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        texts.forEach(text -> bytes.putInt(text.length).put(text));
        return bytes.array();
    }

    private static RowTensor raw(byte[] bytes, TensorSpec spec) {
        int width = spec.type().bytes();
        if (bytes.length % width != 0) {
            throw new RowException(bytes.length + " bytes are not a whole number of elements");
        }
        return new RowTensor(fitted(new long[] {bytes.length / width}, bytes.length / width, spec), bytes);
    }

    /** The shape of the model that the value has: its own, or another of the same number of elements for a flat one. */
    private static long[] fitted(long[] nested, long elements, TensorSpec spec) {
        if (!spec.hasRank()) {
            return nested;
        }
        long[] declared = spec.shape();
        if (declared.length == 0) {
            throw new RowException("the input has no axis for the batch");
        }
        long[] wanted = Arrays.copyOfRange(declared, 1, declared.length);
        if (nested.length == wanted.length) {
            for (int axis = 0; axis < nested.length; axis++) {
                if (wanted[axis] >= 0 && wanted[axis] != nested[axis]) {
                    throw new RowException("got arrays of sizes " + Arrays.toString(nested));
                }
            }
            return nested;
        }
        if (nested.length != 1) {
            throw new RowException("got arrays of sizes " + Arrays.toString(nested));
        }
        return unflattened(wanted, elements);
    }

    private static long[] unflattened(long[] wanted, long elements) {
        long known = 1;
        int open = -1;
        for (int axis = 0; axis < wanted.length; axis++) {
            if (wanted[axis] >= 0) {
                known *= wanted[axis];
            } else if (open >= 0) {
                throw new RowException("got " + elements + " elements, whose shape is not known: nest the arrays");
            } else {
                open = axis;
            }
        }
        boolean isWhole = open < 0 ? known == elements : known > 0 && elements % known == 0;
        if (!isWhole) {
            throw new RowException("got " + elements + " elements");
        }
        long[] shape = wanted.clone();
        if (open >= 0) {
            shape[open] = elements / known;
        }
        return shape;
    }

    /** Rows of one shape, one after the other, along a new first axis. */
    static Tensor stacked(ElementType type, List<RowTensor> rows) {
        long[] shape = new long[rows.get(0).shape().length + 1];
        shape[0] = rows.size();
        System.arraycopy(rows.get(0).shape(), 0, shape, 1, shape.length - 1);
        long bytes = rows.stream().mapToLong(row -> row.bytes().length).sum();
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a batch of " + rows.size() + " rows exceeds 2 GB; set a smaller batchSize");
        }
        ByteBuffer data = ByteBuffer.allocateDirect((int) bytes);
        rows.forEach(row -> data.put(row.bytes()));
        return new Tensor(type, shape, data);
    }

    /** Whether the rows can be in one batch. */
    boolean hasShapeOf(RowTensor other) {
        return Arrays.equals(shape, other.shape);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RowTensor that && hasShapeOf(that) && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(shape) + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return Arrays.toString(shape);
    }
}
