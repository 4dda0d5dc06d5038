package io.portolan.checkpoints.numpy;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ByteRegion;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.TextArray;
import io.portolan.checkpoints.values.Utf8;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/**
 * A numpy type of texts: {@code U5} are five code points of four bytes, {@code S5} five bytes, which must be UTF-8 here. Shorter texts are filled up
 * with zeros.
 *
 * @param isUnicode whether elements are code points
 * @param length the number of code points, or of bytes
 * @param order the byte order of code points
 */
record TextType(boolean isUnicode, int length, ByteOrder order) {
    private static final Pattern DESCRIPTION = Pattern.compile("([<>])U(\\d{1,8})|\\|S(\\d{1,8})");

    /** The type of a description such as {@code <U5} or {@code |S5}. */
    static Optional<TextType> parse(String description) {
        Matcher matcher = DESCRIPTION.matcher(description);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean isUnicode = matcher.group(2) != null;
        return Optional.of(new TextType(
                isUnicode,
                Integer.parseInt(matcher.group(isUnicode ? 2 : 3)),
                ">".equals(matcher.group(1)) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN));
    }

    /**
     * The array whose elements some bytes hold.
     *
     * @param name the array's name in errors
     * @param isFortranOrder whether the first axis varies fastest
     * @throws CheckpointException if the shape does not account for every byte, or a text is none
     */
    TextArray read(String name, ByteRegion bytes, long[] shape, boolean isFortranOrder) throws CheckpointException {
        int width = isUnicode ? length * Integer.BYTES : length;
        long[] sizes =
                LongStream.concat(LongStream.of(shape), LongStream.of(width)).toArray();
        boolean fits = width > 0
                && bytes.fitsBuffer()
                && ArrayData.countBytes(ElementType.UINT8, sizes)
                        .filter(expected -> expected == bytes.size())
                        .isPresent();
        if (!fits) {
            throw new CheckpointException(name + ": texts of " + width + " bytes, " + bytes.size()
                    + " bytes in all: expected as many as the shape has, fewer than 2 GiB");
        }
        ByteBuffer buffer = bytes.buffer();
        int count = buffer.remaining() / width;
        List<String> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int at = isFortranOrder ? columnMajor(i, shape) : i;
            elements.add(text(name, buffer.slice(at * width, width)));
        }
        return new TextArray(LongStream.of(shape).boxed().toList(), elements);
    }

    /** The place of an element in column-major order, from its place in row-major order. */
    private static int columnMajor(int index, long[] shape) {
        long place = 0;
        long rest = index;
        long[] coordinates = new long[shape.length];
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            coordinates[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            place = place * shape[axis] + coordinates[axis];
        }
        return (int) place;
    }

    private String text(String name, ByteBuffer element) throws CheckpointException {
        Optional<String> text = isUnicode ? ofCodePoints(element.order(order)) : ofBytes(element);
        return text.orElseThrow(() -> new CheckpointException(
                name + ": a text is not valid " + (isUnicode ? "Unicode" : "UTF-8") + ": expected texts only"));
    }

    private static Optional<String> ofCodePoints(ByteBuffer points) {
        StringBuilder text = new StringBuilder();
        int used = 0;
        while (points.hasRemaining()) {
            int point = points.getInt();
            if (!Character.isValidCodePoint(point)) {
                return Optional.empty();
            }
            text.appendCodePoint(point);
            used = point == 0 ? used : text.length();
        }
        return Optional.of(text.substring(0, used)).filter(Utf8::holds);
    }

    private static Optional<String> ofBytes(ByteBuffer bytes) {
        int end = bytes.limit();
        while (end > 0 && bytes.get(end - 1) == 0) {
            end--;
        }
        return decoded(bytes.slice(0, end));
    }

    private static Optional<String> decoded(ByteBuffer utf8) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(utf8).toString());
        } catch (CharacterCodingException otherBytes) {
            return Optional.empty();
        }
    }
}
