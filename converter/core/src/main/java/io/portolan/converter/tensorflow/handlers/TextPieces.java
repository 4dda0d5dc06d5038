package io.portolan.converter.tensorflow.handlers;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.CountedLoop;
import io.portolan.converter.lowering.Shapes;
import java.util.List;
import java.util.Optional;

/**
 * The pieces that a vector of texts is cut into.
 *
 * @param pieces all pieces in order, those of the first text first: a vector
 * @param owners for each piece the index of its text: a vector of INT64
 * @param count how many texts there are: a vector of one INT64
 */
record TextPieces(Value pieces, Value owners, Value count) {
    /** The texts themselves. */
    static TextPieces of(GraphBuilder b, Value texts) {
        Value count = Shapes.size(b, texts, 0);
        return new TextPieces(texts, upTo(b, count), count);
    }

    /**
     * The texts of a tensor as the pieces of its rows.
     *
     * @param shape the sizes of the axes that make the rows; those behind them are along a row
     * @param length how many texts a row has, a vector of one
     */
    static TextPieces ofRows(GraphBuilder b, Value texts, Value shape, Value length) {
        Value rows = b.reduce(StandardOp.REDUCE_PROD, shape, true, 0);
        Value owners = b.expand(b.unsqueeze(upTo(b, rows), 1), b.concat(0, rows, length));
        return new TextPieces(b.reshape(texts, -1), b.reshape(owners, -1), rows);
    }

    /**
     * Cuts each piece at every occurrence of a delimiter, which is left out.
     *
     * @param keepsEmpty whether pieces may be empty; otherwise these are left out
     */
    TextPieces cut(GraphBuilder b, String delimiter, boolean keepsEmpty) {
        List<Value> split = b.node(StandardOp.STRING_SPLIT, Attributes.of("delimiter", delimiter), pieces);
        // ONNX splits an empty text into no pieces: a last column of empty texts stands for the one that it is.
        Value none = b.expand(text(b, ""), b.concat(0, Shapes.size(b, pieces, 0), b.longs(1)));
        Value table = b.concat(1, split.get(0), none);
        Value isPiece = keepsEmpty
                ? b.apply(
                        StandardOp.LESS,
                        upTo(b, Shapes.size(b, table, 1)),
                        b.unsqueeze(b.apply(StandardOp.MAX, split.get(1), b.like(split.get(1), 1)), 1))
                : b.apply(StandardOp.NOT, b.apply(StandardOp.EQUAL, table, text(b, "")));
        Value places = b.transpose(b.apply(StandardOp.NON_ZERO, isPiece), 1, 0);
        Value row = b.reshape(b.apply(StandardOp.GATHER, Attributes.of("axis", 1), places, scalar(b, 0)), -1);
        return new TextPieces(
                b.apply(StandardOp.GATHER_ND, table, places), b.apply(StandardOp.GATHER, owners, row), count);
    }

    /** How many pieces each text has. */
    Value counts(GraphBuilder b) {
        Value zeros = b.expand(scalar(b, 0), count);
        Value ones = b.expand(scalar(b, 1), Shapes.size(b, owners, 0));
        return b.apply(StandardOp.SCATTER_ELEMENTS, Attributes.of("reduction", "add"), zeros, owners, ones);
    }

    /** The index of the first piece of each text. */
    private static Value begins(GraphBuilder b, Value counts) {
        return b.apply(StandardOp.CUM_SUM, Attributes.of("exclusive", 1), counts, scalar(b, 0));
    }

    /** The index of each piece among those of its text. */
    Value places(GraphBuilder b, Value counts) {
        return b.sub(upTo(b, Shapes.size(b, owners, 0)), b.apply(StandardOp.GATHER, begins(b, counts), owners));
    }

    /** The largest number of pieces, a vector of one; 0 if there are no texts. */
    static Value most(GraphBuilder b, Value counts) {
        return b.reduce(StandardOp.REDUCE_MAX, b.concat(0, counts, b.longs(0)), true, 0);
    }

    /** The texts that the pieces make with a separator between those of one text. */
    Value joined(GraphBuilder b, String separator) {
        return joined(b, separator, true);
    }

    /**
     * The texts that the pieces make.
     *
     * @param afterEmpty whether a separator stands also behind what is empty so far
     */
    Value joined(GraphBuilder b, String separator, boolean afterEmpty) {
        Value counts = counts(b);
        Value begins = begins(b, counts);
        Value filled = b.concat(0, pieces, b.reshape(text(b, ""), 1));
        Value initial = b.expand(text(b, ""), count);
        return CountedLoop.of(b, b.reshape(most(b, counts)), List.of(initial), (turn, index, state) -> {
                    Value isPiece = turn.apply(StandardOp.LESS, index, counts);
                    Value end = Shapes.size(turn, pieces, 0);
                    Value piece =
                            turn.apply(StandardOp.GATHER, filled, turn.where(isPiece, turn.add(begins, index), end));
                    Value before = afterEmpty
                            ? turn.apply(StandardOp.GREATER, index, turn.like(index, 0))
                            : turn.apply(StandardOp.NOT, turn.apply(StandardOp.EQUAL, state.get(0), text(turn, "")));
                    Value between = turn.where(
                            turn.apply(StandardOp.AND, isPiece, before), text(turn, separator), text(turn, ""));
                    Value joined = separator.isEmpty()
                            ? state.get(0)
                            : turn.apply(StandardOp.STRING_CONCAT, state.get(0), between);
                    return new CountedLoop.Turn(
                            List.of(turn.apply(StandardOp.STRING_CONCAT, joined, piece)), List.of(), Optional.empty());
                })
                .get(0);
    }

    /** A constant scalar. */
    static Value text(GraphBuilder b, String text) {
        return b.constant(TensorData.ofTexts(List.of(text)));
    }

    private static Value scalar(GraphBuilder b, long number) {
        return b.constant(TensorData.scalar(OnnxType.INT64, number));
    }

    /** The numbers from 0 up to the one that a vector holds. */
    private static Value upTo(GraphBuilder b, Value count) {
        return b.apply(StandardOp.RANGE, scalar(b, 0), b.reshape(count), scalar(b, 1));
    }
}
