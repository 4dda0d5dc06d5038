package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.ANY;
import static io.portolan.converter.tensorflow.ElementTypes.COMPLEX;
import static io.portolan.converter.tensorflow.ElementTypes.HALVES;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Ops on the diagonals and bands of matrices. Diagonal 0 is the main one; those above it have positive numbers. */
final class DiagonalHandlers {
    static final List<OpDefinition> OPS = List.of(
            op("MatrixBandPart", ANY.and(HALVES)).partwise(DiagonalHandlers::band),
            op("MatrixDiag", ANY.and(HALVES))
                    .partwise(node -> matrix(node, 0, node.builder().like(node.input(0), 0))),
            op("MatrixDiagV2", ANY.and(HALVES))
                    .limitedTo("one diagonal, square matrices")
                    .partwise(DiagonalHandlers::matrixAround),
            op("MatrixDiagV3", ANY.and(HALVES))
                    .limitedTo("one diagonal, square matrices")
                    .partwise(DiagonalHandlers::matrixAround),
            op("MatrixDiagPart", ANY.and(HALVES))
                    .limitedTo("known matrix sizes")
                    .partwise(node -> part(node, 0)),
            op("MatrixDiagPartV2", ANY.and(HALVES))
                    .limitedTo("one diagonal, known matrix sizes")
                    .partwise(node -> part(node, diagonal(node, 1))),
            op("MatrixDiagPartV3", ANY.and(HALVES))
                    .limitedTo("one diagonal, known matrix sizes")
                    .partwise(node -> part(node, diagonal(node, 1))),
            op("MatrixSetDiag", ANY.and(HALVES)).partwise(node -> set(node, 0)),
            op("MatrixSetDiagV2", ANY.and(HALVES))
                    .limitedTo("one diagonal")
                    .partwise(node -> set(node, diagonal(node, 2))),
            op("MatrixSetDiagV3", ANY.and(HALVES))
                    .limitedTo("one diagonal")
                    .partwise(node -> set(node, diagonal(node, 2))),
            op("Diag", NUMBERS.and(COMPLEX)).partwise(DiagonalHandlers::tensor),
            op("DiagPart", NUMBERS.and(COMPLEX)).limitedTo("static shapes").partwise(DiagonalHandlers::tensorPart));

    private DiagonalHandlers() {}

    private static long diagonal(NodeContext node, int input) {
        List<Long> band = node.integers(input);
        if (band.stream().distinct().count() != 1) {
            throw new IllegalArgumentException("expected one diagonal, got the band " + band);
        }
        return band.get(0);
    }

    /** A mask of the elements of a matrix whose diagonal compares to a number. */
    private static Value elements(GraphBuilder b, Value rows, Value columns, StandardOp comparison, long diagonal) {
        Value row = b.unsqueeze(FillHandlers.positions(b, rows), 1);
        Value column = FillHandlers.positions(b, columns);
        return b.apply(comparison, b.sub(column, row), b.like(column, diagonal));
    }

    private static Value zero(GraphBuilder b, Value x) {
        return b.constant(TensorData.scalar(x.element(), 0));
    }

    private static Value band(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value rows = Shapes.size(b, x, -2);
        Value columns = Shapes.size(b, x, -1);
        long lower = node.integer(1);
        long upper = node.integer(2);
        Value kept = x;
        if (lower >= 0) {
            kept = LogicHandlers.choose(
                    b, elements(b, rows, columns, StandardOp.GREATER_OR_EQUAL, -lower), kept, zero(b, x));
        }
        if (upper >= 0) {
            kept = LogicHandlers.choose(
                    b, elements(b, rows, columns, StandardOp.LESS_OR_EQUAL, upper), kept, zero(b, x));
        }
        return kept;
    }

    private static Value matrixAround(NodeContext node) {
        long diagonal = diagonal(node, 1);
        Dim length = node.input(0).shape().dim(-1);
        for (int input = 2; input < 4; input++) {
            long wanted = node.integer(input);
            if (wanted != -1 && !length.is(wanted - Math.abs(diagonal))) {
                throw new IllegalArgumentException(
                        "expected a square matrix with a diagonal of " + length + " elements, got a size of " + wanted);
            }
        }
        return matrix(node, diagonal, node.input(4));
    }

    /** A diagonal above the main one begins in row 0, one below it in column 0. */
    private static Value matrix(NodeContext node, long diagonal, Value fill) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value size = b.add(Shapes.size(b, x, -1), b.longs(Math.abs(diagonal)));
        Value isOn = elements(b, size, size, StandardOp.EQUAL, diagonal);
        return LogicHandlers.choose(b, isOn, spread(b, x, diagonal), fill);
    }

    /** A diagonal repeated along all columns, or along all rows if it begins in column 0; padded to a square. */
    private static Value spread(GraphBuilder b, Value x, long diagonal) {
        List<Long> pads = new ArrayList<>(Collections.nCopies(2 * x.rank(), 0L));
        pads.set(2 * x.rank() - 1, Math.abs(diagonal));
        return b.unsqueeze(b.pad(x, pads, zero(b, x)), diagonal >= 0 ? -1 : -2);
    }

    /** The elements of a flattened matrix that lie on one diagonal: each is one row and one column after the last. */
    private static Value part(NodeContext node, long diagonal) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        long rows = Shapes.known(x, -2);
        long columns = Shapes.known(x, -1);
        long start = diagonal >= 0 ? diagonal : -diagonal * columns;
        long length = Math.min(rows + Math.min(diagonal, 0), columns - Math.max(diagonal, 0));
        Value flat = Shapes.reshapeFrom(b, x, x.rank() - 2, rows * columns);
        SliceRange range = new SliceRange(start, start + (length - 1) * (columns + 1) + 1, columns + 1);
        return b.slice(flat, List.of(x.rank() - 2L), List.of(range));
    }

    private static Value set(NodeContext node, long diagonal) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value isOn = elements(b, Shapes.size(b, x, -2), Shapes.size(b, x, -1), StandardOp.EQUAL, diagonal);
        return LogicHandlers.choose(b, isOn, along(b, node.input(1), x, diagonal), x);
    }

    /** A diagonal padded along the rows, or columns, of matrices that may be longer. */
    private static Value along(GraphBuilder b, Value values, Value x, long diagonal) {
        int axis = diagonal >= 0 ? -2 : -1;
        List<Long> pads = new ArrayList<>(Collections.nCopies(2 * values.rank(), 0L));
        pads.set(2 * values.rank() - 1, Shapes.known(x, axis) - Shapes.known(values, -1));
        return b.unsqueeze(b.pad(values, pads, zero(b, x)), diagonal >= 0 ? -1 : -2);
    }

    /** A tensor of twice the rank with the given tensor on its diagonal. */
    private static Value tensor(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value flat = b.reshape(x, -1);
        Value count = Shapes.size(b, flat, 0);
        Value square = LogicHandlers.choose(
                b, elements(b, count, count, StandardOp.EQUAL, 0), b.unsqueeze(flat, 1), zero(b, x));
        return Shapes.reshape(b, square, List.of(b.shapeOf(x), b.shapeOf(x)));
    }

    private static Value tensorPart(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        Value half = Shapes.sizes(b, x, 0, x.rank() / 2);
        Value count = b.reduce(StandardOp.REDUCE_PROD, half, true, 0);
        long stride = count.data()
                        .orElseThrow(() -> new IllegalArgumentException("expected a known shape, got " + x))
                        .longAt(0)
                + 1;
        SliceRange diagonal = new SliceRange(0, SliceRange.TO_END, stride);
        return b.reshape(b.slice(b.reshape(x, -1), List.of(0L), List.of(diagonal)), half);
    }
}
