package io.portolan.checkpoints.values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ByteRegionTest {
    private static final byte[] BYTES = bytes(40);

    /** The same bytes in one buffer, in several, and in several that overlap. */
    static Stream<ByteRegion> regions() {
        List<ByteBuffer> overlapping = new ArrayList<>();
        for (int start = 0; start < BYTES.length; start += 8) {
            overlapping.add(ByteBuffer.wrap(BYTES, start, Math.min(20, BYTES.length - start)));
        }
        return Stream.of(
                ByteRegion.of(ByteBuffer.wrap(BYTES)),
                ByteRegion.joined(List.of(
                        ByteBuffer.wrap(BYTES, 0, 7),
                        ByteBuffer.allocate(0),
                        ByteBuffer.wrap(BYTES, 7, 1),
                        ByteBuffer.wrap(BYTES, 8, 32))),
                ByteRegion.overlapping(overlapping, 8));
    }

    @ParameterizedTest
    @MethodSource("regions")
    void everySliceHasItsBytes(ByteRegion region) throws IOException {
        assertThat(region.size()).isEqualTo(BYTES.length);
        for (int from = 0; from <= BYTES.length; from++) {
            for (int to = from; to <= BYTES.length; to++) {
                ByteRegion slice = region.slice(from, to - from);
                byte[] expected = Arrays.copyOfRange(BYTES, from, to);
                assertThat(slice.buffer()).isEqualTo(ByteBuffer.wrap(expected));
                assertThat(slice).isEqualTo(ByteRegion.of(ByteBuffer.wrap(expected)));
                assertThat(written(slice)).isEqualTo(expected);
                byte[] copy = new byte[to - from];
                region.get(from, copy, 0, copy.length);
                assertThat(copy).isEqualTo(expected);
            }
        }
        for (int i = 0; i < BYTES.length; i++) {
            assertThat(region.get(i)).isEqualTo(BYTES[i]);
        }
    }

    @ParameterizedTest
    @MethodSource("regions")
    void equalBytesAreEqualHoweverTheyAreDivided(ByteRegion region) {
        assertThat(regions()).allSatisfy(other -> {
            assertThat(region).isEqualTo(other).hasSameHashCodeAs(other);
            assertThat(region.slice(1)).isNotEqualTo(other.slice(0, BYTES.length - 1));
        });
    }

    @ParameterizedTest
    @MethodSource("regions")
    void whatLiesOutsideIsRefused(ByteRegion region) {
        assertThatThrownBy(() -> region.slice(1, BYTES.length)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> region.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> region.slice(1, Long.MAX_VALUE)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> region.get(BYTES.length)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aSliceWithinTheOverlapIsNotCopied() {
        ByteBuffer whole = ByteBuffer.allocateDirect(24);
        ByteRegion region = ByteRegion.overlapping(List.of(whole.slice(0, 16), whole.slice(8, 16)), 8);

        assertThat(region.slice(4, 12).buffer().isDirect()).isTrue();
        assertThat(region.slice(8, 16).buffer().isDirect()).isTrue();
        assertThat(region.slice(4, 16).buffer().isDirect()).isFalse();
    }

    @Test
    void aRegionMayBeLongerThanAnyBuffer() {
        ByteBuffer piece = ByteBuffer.allocate(1 << 20);
        int pieces = 3 << 10;
        ByteRegion region = ByteRegion.joined(Collections.nCopies(pieces, piece));

        assertThat(region.size()).isEqualTo(3L << 30);
        assertThat(region.fitsBuffer()).isFalse();
        assertThat(region.get(region.size() - 1)).isZero();
        assertThatThrownBy(region::buffer).isInstanceOf(IllegalStateException.class);
        ArrayData array = ArrayData.of(ElementType.UINT8, new long[] {region.size()}, region);
        assertThat(array.size()).isEqualTo(3L << 30);
        assertThat(array.longAt((3L << 30) - 1)).isZero();
        assertThatThrownBy(array::bytes)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected fewer than 2 GiB");
    }

    private static byte[] written(ByteRegion region) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        region.writeTo(out);
        return out.toByteArray();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 7);
        }
        return bytes;
    }
}
