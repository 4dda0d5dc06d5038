package io.portolan.converter.ir;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.platform.Fp16Conversions;
import org.junit.jupiter.api.Test;

/** Compares the conversions with those of ONNX Runtime. */
class Float16Test {
    @Test
    void everyHalfIsTheNumberItStandsFor() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float expected = Fp16Conversions.fp16ToFloat((short) bits);
            assertThat(Float.compare(Float16.toFloat((short) bits), expected))
                    .as("%04x", bits)
                    .isZero();
            if (!Float.isNaN(expected)) {
                assertThat(Float16.of(expected)).as("%04x and back", bits).isEqualTo((short) bits);
            }
        }
    }

    /**
     * A step that is prime to the places of ties, and the ties between all neighbours with what is just beside them.
     */
    @Test
    void floatsAreRoundedToTheNearestAndTiesToEven() {
        for (long bits = 0; bits < 1L << 32; bits += 65_521) {
            assertRounded(Float.intBitsToFloat((int) bits));
        }
        for (int bits = 0; bits < 0x7bff; bits++) {
            float tie = (Float16.toFloat((short) bits) + Float16.toFloat((short) (bits + 1))) / 2;
            for (float number : new float[] {Math.nextDown(tie), tie, Math.nextUp(tie)}) {
                assertRounded(number);
                assertRounded(-number);
            }
        }
        for (float number : new float[] {65_519.996f, 65_520, 65_536, Float.MAX_VALUE, Float.MIN_VALUE, -0.0f}) {
            assertRounded(number);
        }
    }

    private static void assertRounded(float number) {
        short half = Float16.of(number);
        if (Float.isNaN(number)) {
            assertThat(Float16.toFloat(half)).isNaN();
        } else {
            assertThat(half).as("%s", number).isEqualTo(Fp16Conversions.floatToFp16(number));
        }
    }
}
