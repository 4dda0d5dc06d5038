package io.portolan.converter.passes.fourier;

import io.portolan.converter.ir.FourierOp;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;

/** Transforms to real points whose number is known only at run time. */
final class OpenWidth {
    private OpenWidth() {}

    /** Whether the number of points of a node of kind {@link FourierOp.Kind#TO_REAL} is an input. */
    static boolean isOpen(Node node) {
        return node.inputs().size() > 2;
    }

    /** As {@link ComplexParts#withMirroredColumns}, for the width of a node. */
    static ComplexParts wholeSpectrum(ComplexParts half, Node node, GraphBuilder b) {
        Value width = node.input(2);
        int axis = half.rank() - 1;
        Value columns = Shapes.size(b, half.re(), axis);
        Value positions = b.apply(
                StandardOp.RANGE, b.like(scalar(b, columns), 0), scalar(b, columns), b.like(scalar(b, columns), 1));
        // Column 0 and, of an even width, the last one are their own mirror images.
        Value isReal =
                b.apply(StandardOp.EQUAL, b.apply(StandardOp.MOD, b.add(positions, positions), width), b.longs(0));
        Value im = b.where(isReal, b.like(half.im(), 0), half.im());
        Value first = b.sub(width, columns);
        Value mirroredRe = backwards(b, half.re(), axis, first);
        Value mirroredIm = backwards(b, im, axis, first);
        return new ComplexParts(b.concat(axis, half.re(), mirroredRe), b.concat(axis, im, b.neg(mirroredIm)));
    }

    private static Value scalar(GraphBuilder b, Value vector) {
        return b.squeeze(vector, 0);
    }

    /** The columns from one to column 1. */
    private static Value backwards(GraphBuilder b, Value x, int axis, Value first) {
        return b.apply(StandardOp.SLICE, x, first, b.longs(0), b.longs(axis), b.longs(-1));
    }
}
