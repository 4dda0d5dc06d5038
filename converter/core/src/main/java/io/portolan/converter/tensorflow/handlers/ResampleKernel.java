package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import java.util.Arrays;

/** The kernels by which images are resampled, as functions of the distance from a sample. */
enum ResampleKernel {
    LANCZOS1("lanczos1", 1) {
        @Override
        Value inside(GraphBuilder b, Value x) {
            return lanczos(b, x);
        }
    },
    LANCZOS3("lanczos3", 3) {
        @Override
        Value inside(GraphBuilder b, Value x) {
            return lanczos(b, x);
        }
    },
    LANCZOS5("lanczos5", 5) {
        @Override
        Value inside(GraphBuilder b, Value x) {
            return lanczos(b, x);
        }
    },
    /** With the standard deviation 1/2. */
    GAUSSIAN("gaussian", 1.5) {
        @Override
        Value inside(GraphBuilder b, Value x) {
            return b.apply(StandardOp.EXP, b.mul(b.mul(x, x), b.like(x, -2)));
        }
    },
    /** Half of a sample that lies on the edge belongs to each side. */
    BOX("box", 1) {
        @Override
        Value inside(GraphBuilder b, Value x) {
            Value half = b.like(x, 0.5);
            return b.mul(half, b.add(b.like(x, 1), b.apply(StandardOp.SIGN, b.sub(half, x))));
        }
    },
    TRIANGLE("triangle", 1) {
        @Override
        Value inside(GraphBuilder b, Value x) {
            return b.sub(b.like(x, 1), x);
        }
    },
    KEYS_CUBIC("keyscubic", 2) {
        @Override
        Value inside(GraphBuilder b, Value x) {
            Value near = polynomial(b, x, 1.5, -2.5, 0, 1);
            return b.where(isBelow(b, x, 1), near, polynomial(b, x, -0.5, 2.5, -4, 2));
        }
    },
    MITCHELL_CUBIC("mitchellcubic", 2) {
        @Override
        Value inside(GraphBuilder b, Value x) {
            Value near = polynomial(b, x, 7.0 / 6, -2, 0, 8.0 / 9);
            return b.where(isBelow(b, x, 1), near, polynomial(b, x, -7.0 / 18, 2, -10.0 / 3, 16.0 / 9));
        }
    };

    private final String label;
    private final double radius;

    ResampleKernel(String label, double radius) {
        this.label = label;
        this.radius = radius;
    }

    static ResampleKernel of(String label) {
        return Arrays.stream(values())
                .filter(kernel -> kernel.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("expected a kernel_type that is known, got " + label));
    }

    /** The weight of samples at a distance, which is not negative; 0 beyond the kernel's radius. */
    Value at(GraphBuilder b, Value distance) {
        return b.where(isBelow(b, distance, radius), inside(b, distance), b.like(distance, 0));
    }

    abstract Value inside(GraphBuilder b, Value x);

    /** A sine that is 1 at the sample and 0 at all others, times a window of the same form. */
    Value lanczos(GraphBuilder b, Value x) {
        Value turn = b.mul(x, b.like(x, Math.PI));
        Value window = b.mul(turn, b.like(x, 1 / radius));
        Value sines = b.mul(b.apply(StandardOp.SIN, turn), b.apply(StandardOp.SIN, window));
        return b.where(isBelow(b, x, 1e-3), b.like(x, 1), b.div(sines, b.mul(turn, window)));
    }

    private static Value isBelow(GraphBuilder b, Value x, double bound) {
        return b.apply(StandardOp.LESS, x, b.like(x, bound));
    }

    private static Value polynomial(GraphBuilder b, Value x, double... coefficients) {
        Value sum = b.like(x, coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            sum = b.add(b.mul(sum, x), b.like(x, coefficients[i]));
        }
        return sum;
    }
}
