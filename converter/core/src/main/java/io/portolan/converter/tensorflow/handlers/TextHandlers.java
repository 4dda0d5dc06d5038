package io.portolan.converter.tensorflow.handlers;

import static io.portolan.converter.tensorflow.ElementTypes.INTEGERS;
import static io.portolan.converter.tensorflow.ElementTypes.NUMBERS;
import static io.portolan.converter.tensorflow.ElementTypes.TEXTS;
import static io.portolan.converter.tensorflow.OpDefinition.op;

import io.portolan.converter.ir.Attributes;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.Shapes;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.tensorflow.NodeContext;
import io.portolan.converter.tensorflow.OpDefinition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** Texts: numbers as texts and back, letters, joining, splitting and matching. */
final class TextHandlers {
    /** What TensorFlow takes for white space; ONNX Runtime splits at spaces only. */
    private static final List<String> WHITE_SPACE = List.of("\t", "\n", "\u000b", "\f", "\r", " ");

    static final List<OpDefinition> OPS = List.of(
            op("AsString", INTEGERS)
                    .reads("precision", "scientific", "shortest", "width", "fill")
                    .limitedTo("the shortest form")
                    .real(TextHandlers::text),
            op("StringToNumber", NUMBERS)
                    .typedBy("out_type")
                    .reads("out_type")
                    .since(20)
                    .real(TextHandlers::number),
            op("StringLower", TEXTS)
                    .untyped()
                    .reads("encoding")
                    .limitedTo("ASCII letters")
                    .real(node -> cased(node, "LOWER")),
            op("StringUpper", TEXTS)
                    .untyped()
                    .reads("encoding")
                    .limitedTo("ASCII letters")
                    .real(node -> cased(node, "UPPER")),
            op("StringJoin", TEXTS)
                    .untyped()
                    .reads("separator")
                    .since(20)
                    .real(node ->
                            joined(node.builder(), node.inputs(0, node.inputCount()), node.text("separator", ""))),
            op("ReduceJoin", TEXTS)
                    .untyped()
                    .reads("keep_dims", "separator")
                    .since(20)
                    .real(TextHandlers::joinedAlongAxes),
            op("UnsortedSegmentJoin", TEXTS)
                    .untyped()
                    .reads("separator")
                    .since(20)
                    .limitedTo("texts in a vector")
                    .real(TextHandlers::joinedBySegment),
            op("StringSplitV2", TEXTS)
                    .untyped()
                    .reads("maxsplit")
                    .since(20)
                    .limitedTo("a constant separator, all pieces")
                    .as(TextHandlers::split),
            op("StaticRegexFullMatch", TEXTS)
                    .untyped()
                    .reads("pattern")
                    .since(20)
                    .real(node -> matched(node, node.text("pattern", ""))),
            op("RegexFullMatch", TEXTS)
                    .untyped()
                    .since(20)
                    .limitedTo("a constant pattern")
                    .real(node -> matched(node, constant(node, 1))),
            op("StaticRegexReplace", TEXTS)
                    .untyped()
                    .reads("pattern", "rewrite", "replace_global")
                    .since(20)
                    .limitedTo("a fixed text or a set of characters")
                    .real(node -> replaced(node, node.text("pattern", ""), node.text("rewrite", ""))),
            oneBucket("StringToHashBucketFast", "num_buckets"),
            oneBucket("StringToHashBucketStrong", "num_buckets", "key"),
            op("RegexReplace", TEXTS)
                    .untyped()
                    .reads("replace_global")
                    .since(20)
                    .limitedTo("a fixed text or a set of characters")
                    .real(node -> replaced(node, constant(node, 1), constant(node, 2))));

    private static final String WHOLE_NUMBER = "\\s*-?[0-9]+\\s*";
    private static final String REAL_NUMBER =
            "\\s*[+-]?([0-9]+\\.?[0-9]*([eE][+-]?[0-9]+)?|\\.[0-9]+([eE][+-]?[0-9]+)?|(?i:inf|nan))\\s*";

    /** As many texts are joined one by one; more, in a loop. */
    private static final long MOST_IN_CHAIN = 16;

    private TextHandlers() {}

    /** Hashes that are all 0: ONNX has no operator that computes others. */
    private static OpDefinition oneBucket(String name, String... attributes) {
        return op(name, TEXTS)
                .untyped()
                .reads(attributes)
                .limitedTo("a single bucket")
                .real(node -> {
                    if (node.integer("num_buckets", 1) != 1) {
                        throw new IllegalArgumentException("expected one bucket, got "
                                + node.integer("num_buckets", 1)
                                + ": ONNX has no operator that hashes texts, so hash them before the model");
                    }
                    GraphBuilder b = node.builder();
                    return b.expand(b.constant(TensorData.scalar(OnnxType.INT64, 0)), b.shapeOf(node.input(0)));
                });
    }

    private static Value text(NodeContext node) {
        boolean isPlain = node.integer("width", -1) < 0
                && node.integer("precision", -1) < 0
                && !node.flag("scientific")
                && !node.flag("shortest");
        if (!isPlain) {
            throw new IllegalArgumentException("expected integers without precision, width or exponent");
        }
        return node.builder().cast(node.input(0), OnnxType.STRING);
    }

    /** Numbers; a text that is none stops the model, as it stops TensorFlow: runtimes read the digits it begins with. */
    private static Value number(NodeContext node) {
        GraphBuilder b = node.builder();
        OnnxType type = node.hasAttribute("out_type") ? node.type("out_type") : OnnxType.FLOAT;
        Value x = node.input(0);
        Value isNumber = b.apply(
                StandardOp.REGEX_FULL_MATCH,
                Attributes.of("pattern", type.isFloating() ? REAL_NUMBER : WHOLE_NUMBER),
                x);
        if (type.isFloating()) {
            return b.cast(requiring(b, isNumber, x), type);
        }
        Value wide = b.cast(requiring(b, isNumber, x), OnnxType.INT64);
        Value number = b.cast(wide, type);
        return type == OnnxType.INT64
                ? number
                : requiring(b, b.apply(StandardOp.EQUAL, b.cast(number, OnnxType.INT64), wide), number);
    }

    /** A value; if a condition does not hold everywhere, it is gathered at an index that it does not have, which stops a runtime. */
    private static Value requiring(GraphBuilder b, Value condition, Value x) {
        Value holds = b.cast(b.reshape(condition, -1), OnnxType.INT64);
        Value all = b.reduce(StandardOp.REDUCE_MIN, b.concat(0, holds, b.longs(1)), true, 0);
        Value index = b.sub(b.longs(1), all);
        Value row = b.reshape(x, 1, -1);
        return b.reshape(b.apply(StandardOp.GATHER_ND, row, b.unsqueeze(index, 1)), b.shapeOf(x));
    }

    private static String constant(NodeContext node, int index) {
        List<String> texts = node.constant(index).texts();
        if (texts.size() != 1) {
            throw new IllegalArgumentException("expected one text as input " + index + ", got " + texts.size());
        }
        return texts.get(0);
    }

    /** Changes ASCII letters, as TensorFlow does without an encoding and C in the locale of that name. */
    private static Value cased(NodeContext node, String action) {
        if (!node.text("encoding", "").isEmpty()) {
            throw new IllegalArgumentException("expected no encoding, with which only ASCII letters change: runtimes"
                    + " disagree with TensorFlow on other letters");
        }
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        // ONNX Runtime refuses to do this for no texts: an empty one is put before them.
        Value filled = b.concat(0, b.reshape(TextPieces.text(b, ""), 1), b.reshape(x, -1));
        Value changed = b.apply(
                StandardOp.STRING_NORMALIZER,
                Attributes.of("case_change_action", action)
                        .with("is_case_sensitive", 1)
                        .with("locale", "C"),
                filled);
        Value rest = b.slice(changed, List.of(0L), List.of(new SliceRange(1, Long.MAX_VALUE, 1)));
        return b.reshape(rest, b.shapeOf(x));
    }

    private static Value joined(GraphBuilder b, List<Value> texts, String separator) {
        Value joined = texts.get(0);
        for (Value next : texts.subList(1, texts.size())) {
            Value before = separator.isEmpty()
                    ? joined
                    : b.apply(StandardOp.STRING_CONCAT, joined, TextPieces.text(b, separator));
            joined = b.apply(StandardOp.STRING_CONCAT, before, next);
        }
        return joined;
    }

    /** Joins along the axes that are listed, the first of which changes fastest. */
    private static Value joinedAlongAxes(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        List<Integer> axes = x.shape().axes(node.integers(1));
        List<Integer> slowestFirst = new ArrayList<>(axes);
        Collections.reverse(slowestFirst);
        long[] order = LongStream.concat(
                        LongStream.range(0, x.rank()).filter(axis -> !axes.contains((int) axis)),
                        slowestFirst.stream().mapToLong(Integer::longValue))
                .toArray();
        if (axes.isEmpty()) {
            return x;
        }
        int kept = x.rank() - axes.size();
        Value moved = b.transpose(x, order);
        Value shape = Shapes.sizes(b, moved, 0, kept);
        Value length = b.reduce(StandardOp.REDUCE_PROD, Shapes.sizes(b, moved, kept, x.rank()), true, 0);
        long known = length.data().map(number -> number.longAt(0)).orElse(Long.MAX_VALUE);
        Value y;
        if (known > 0 && known <= MOST_IN_CHAIN) {
            Value table = b.reshape(moved, b.concat(0, shape, length));
            List<Value> columns = b.split(table, kept, Collections.nCopies((int) known, 1L)).stream()
                    .map(column -> b.squeeze(column, kept))
                    .toList();
            y = joined(b, columns, node.text("separator", ""));
        } else {
            y = b.reshape(TextPieces.ofRows(b, moved, shape, length).joined(b, node.text("separator", "")), shape);
        }
        return node.flag("keep_dims")
                ? b.unsqueeze(
                        y, axes.stream().mapToLong(Integer::longValue).sorted().toArray())
                : y;
    }

    /** Joins the texts of each segment in their order, without empty ones before the first other one: they are sorted by segment first, and by place within it. */
    private static Value joinedBySegment(NodeContext node) {
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        if (x.rank() != 1) {
            throw new IllegalArgumentException("expected texts in a vector, got " + x);
        }
        Value segments = b.cast(node.input(1), OnnxType.INT64);
        Value count = Shapes.size(b, x, 0);
        Value keys = b.add(b.mul(segments, count), FillHandlers.positions(b, count));
        Value order = b.node(StandardOp.TOP_K, Attributes.of("largest", 0), keys, count)
                .get(1);
        TextPieces pieces = new TextPieces(
                b.apply(StandardOp.GATHER, x, order),
                b.apply(StandardOp.GATHER, segments, order),
                b.reshape(b.cast(node.input(2), OnnxType.INT64), 1));
        return pieces.joined(b, node.text("separator", ""), false);
    }

    /** A sparse matrix of the pieces of each text: their coordinates, the pieces, and its shape. */
    private static List<TranslatedTensor> split(NodeContext node) {
        if (node.integer("maxsplit", -1) >= 0) {
            throw new IllegalArgumentException("expected all pieces, got maxsplit " + node.integer("maxsplit", -1));
        }
        GraphBuilder b = node.builder();
        String separator = constant(node, 1);
        TextPieces whole = TextPieces.of(b, node.input(0));
        TextPieces cut = separator.isEmpty() ? cut(b, whole, WHITE_SPACE, false) : whole.cut(b, separator, true);
        Value counts = cut.counts(b);
        Value coordinates = b.concat(1, b.unsqueeze(cut.owners(), 1), b.unsqueeze(cut.places(b, counts), 1));
        Value shape = b.concat(0, cut.count(), TextPieces.most(b, counts));
        return List.of(new RealValue(coordinates), new RealValue(cut.pieces()), new RealValue(shape));
    }

    private static TextPieces cut(GraphBuilder b, TextPieces pieces, List<String> delimiters, boolean keepsEmpty) {
        TextPieces cut = pieces;
        for (String delimiter : delimiters) {
            cut = cut.cut(b, delimiter, keepsEmpty);
        }
        return cut;
    }

    private static Value matched(NodeContext node, String pattern) {
        return node.builder().apply(StandardOp.REGEX_FULL_MATCH, Attributes.of("pattern", pattern), node.input(0));
    }

    /** Cuts texts at what the pattern matches, and joins the pieces with what comes instead. */
    private static Value replaced(NodeContext node, String pattern, String rewrite) {
        boolean isGlobal = !node.hasAttribute("replace_global") || node.flag("replace_global");
        List<String> delimiters = LiteralPattern.texts(pattern)
                .filter(texts -> isGlobal && !rewrite.contains("\\"))
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected every occurrence of a fixed text or of a set of characters to be replaced by a fixed text; ONNX has"
                                + " no operator that replaces what another pattern matches, here " + pattern));
        GraphBuilder b = node.builder();
        Value x = node.input(0);
        TextPieces cut = cut(b, TextPieces.of(b, b.reshape(x, -1)), delimiters, !rewrite.isEmpty());
        return b.reshape(cut.joined(b, rewrite), b.shapeOf(x));
    }

    /** Whether texts that broadcast are the same, in every opset: ONNX's {@code Equal} takes texts from opset 19 on only. */
    static Value same(GraphBuilder b, Value left, Value right) {
        for (Value constant : List.of(left, right)) {
            if (constant.isConstant() && constant.rank() == 0) {
                Value other = constant == left ? right : left;
                TensorData text = constant.data().orElseThrow();
                return b.cast(TextTables.encoded(b, other, text.texts(), List.of(1L), 0), OnnxType.BOOL);
            }
        }
        Value all = b.concat(0, b.reshape(left, -1), b.reshape(right, -1));
        Value numbers = b.node(StandardOp.UNIQUE, Attributes.NONE, all).get(2);
        Value count = b.reshape(b.reduce(StandardOp.REDUCE_PROD, b.shapeOf(left), false, 0), 1);
        Value end = b.longs(Long.MAX_VALUE);
        Value of = b.apply(StandardOp.SLICE, numbers, b.longs(0), count, b.longs(0), b.longs(1));
        Value others = b.apply(StandardOp.SLICE, numbers, count, end, b.longs(0), b.longs(1));
        return b.apply(StandardOp.EQUAL, b.reshape(of, b.shapeOf(left)), b.reshape(others, b.shapeOf(right)));
    }
}
