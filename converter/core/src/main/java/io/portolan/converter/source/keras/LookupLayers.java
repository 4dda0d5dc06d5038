package io.portolan.converter.source.keras;

import com.google.protobuf.ByteString;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.source.keras.LayerTable.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.tensorflow.Operation;
import org.tensorflow.Output;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;

/** Layers with a vocabulary: integers and texts as indices and back, and sentences as the indices of their words. */
final class LookupLayers {
    static final List<Row> ROWS = List.of(
            new Row("IntegerLookup", false, call -> lookup(call, Vocabulary.ofIntegers(call))),
            new Row("StringLookup", false, call -> lookup(call, Vocabulary.ofTexts(call))),
            new Row("TextVectorization", false, LookupLayers::sentences));

    private static final Set<String> MODES = Set.of("int", "one_hot", "multi_hot", "count", "tf_idf");

    /** What Keras leaves out of texts, unless they say otherwise. */
    private static final String PUNCTUATION = "[!\"#$%&()\\*\\+,-\\./:;<=>?@\\[\\\\\\]^_`{|}~\\']";

    private static final Set<String> STANDARDS =
            Set.of("none", "lower", "strip_punctuation", "lower_and_strip_punctuation");

    /** How the pieces of texts are those of rows. */
    private static final AttrValue PARTITIONS = AttrValue.newBuilder()
            .setList(AttrValue.ListValue.newBuilder()
                    .addS(ByteString.copyFromUtf8("FIRST_DIM_SIZE"))
                    .addS(ByteString.copyFromUtf8("VALUE_ROWIDS")))
            .build();

    private LookupLayers() {}

    private static Object lookup(LayerCall call, Vocabulary vocabulary) {
        LayerConfig config = call.config();
        config.ignore("vocabulary_dtype", "encoding", "oov_method", "salt");
        Output<?> x = call.input().tensor();
        if (vocabulary.isInverse()) {
            return KerasTensor.of(vocabulary.inverse(call.tf(), call.tf().cast(x, DataType.DT_INT64)));
        }
        Output<?> indices = vocabulary.indices(call.tf(), keys(call, x, vocabulary.type()));
        return KerasTensor.of(encoded(call, vocabulary, indices));
    }

    private static Output<?> keys(LayerCall call, Output<?> x, DataType type) {
        boolean isText = x.dataType() == DataType.DT_STRING;
        if (isText != (type == DataType.DT_STRING)) {
            throw new ConversionException("has an input of " + x.dataType() + "; expected " + type);
        }
        return isText ? x : call.tf().cast(x, type);
    }

    /** Indices (N, …) as they are, or as vectors of their numbers; an index beyond the vocabulary counts nowhere. */
    private static Output<?> encoded(LayerCall call, Vocabulary vocabulary, Output<?> indices) {
        GraphOps tf = call.tf();
        if (vocabulary.mode().equals("int")) {
            return indices;
        }
        int rank = GraphOps.rank(indices);
        boolean isOne = vocabulary.mode().equals("one_hot");
        if (rank == 0 || rank > 2 && !isOne) {
            throw new ConversionException("has an input of rank " + rank + "; expected 1 or 2");
        }
        Output<?> each = isOne && rank > 1 && GraphOps.size(indices, -1) == 1 ? tf.squeeze(indices, rank - 1) : indices;
        Output<?> one = tf.number(1, DataType.DT_INT64);
        Output<?> hot = tf.op("OneHot", each, tf.integer(vocabulary.depth()), one, tf.number(0, DataType.DT_INT64));
        if (isOne) {
            return hot;
        }
        Output<?> counts = tf.reduce("Sum", hot, false, rank - 1);
        return switch (vocabulary.mode()) {
            case "multi_hot" -> tf.min(counts, one);
            case "count" -> counts;
            default -> {
                Output<?> weights = call.fixedWeight("idf_weights", vocabulary.depth());
                yield tf.mul(tf.cast(counts, weights.dataType()), weights);
            }
        };
    }

    private static Object sentences(LayerCall call) {
        GraphOps tf = call.tf();
        LayerConfig config = call.config();
        config.ignore("encoding");
        config.require("ngrams", null);
        config.require("ragged", false);
        Vocabulary vocabulary = Vocabulary.ofSentences(call);
        Output<?> texts = standard(call, call.input().tensor());
        Optional<Long> length = config.has("output_sequence_length")
                ? Optional.of(config.count("output_sequence_length"))
                : Optional.empty();
        config.ignore("output_sequence_length");
        if (!config.has("split")) {
            config.ignore("split");
            Output<?> indices = encoded(call, vocabulary, vocabulary.indices(tf, texts));
            return KerasTensor.of(
                    vocabulary.mode().equals("int") && length.isPresent() ? cut(tf, indices, length.get()) : indices);
        }
        config.require("split", "whitespace");
        int rank = GraphOps.rank(texts);
        if (rank > 2 || rank == 0 || rank == 2 && GraphOps.size(texts, 1) != 1) {
            throw new ConversionException(
                    "splits texts of the shape " + texts.shape() + "; expected [batch] or [batch, 1]");
        }
        Output<?> lines = rank == 2 ? tf.squeeze(texts, 1) : texts;
        Operation words = tf.operation("StringSplitV2", Map.of(), lines, tf.text(""));
        Output<?> indices = vocabulary.indices(tf, words.output(1));
        boolean isPlain = vocabulary.mode().equals("int");
        Output<?> table = tf.op(
                "RaggedTensorToTensor",
                Map.of("row_partition_types", PARTITIONS),
                tf.longs(-1, isPlain ? length.orElse(-1L) : -1),
                indices,
                tf.number(isPlain ? 0 : -1, DataType.DT_INT64),
                List.of(tf.cast(tf.sizeOf(lines, 0), DataType.DT_INT64), tf.at(words.output(0), 1, 0)));
        return KerasTensor.of(encoded(call, vocabulary, table));
    }

    private static Output<?> standard(LayerCall call, Output<?> x) {
        GraphOps tf = call.tf();
        String standard = call.config().among("standardize", "none", STANDARDS);
        Output<?> lower = standard.startsWith("lower") ? tf.op("StringLower", x) : x;
        return standard.endsWith("strip_punctuation")
                ? tf.op("StaticRegexReplace", Map.of("pattern", PUNCTUATION, "rewrite", ""), lower)
                : lower;
    }

    /** The first elements along the last axis, with zeros behind them if there are fewer. */
    private static Output<?> cut(GraphOps tf, Output<?> x, long length) {
        int last = GraphOps.rank(x) - 1;
        long size = GraphOps.known(x, last);
        if (size >= length) {
            return tf.slice(x, last, 0, length);
        }
        int[][] pads = new int[last + 1][2];
        pads[last][1] = Math.toIntExact(length - size);
        return tf.op("Pad", x, tf.pairs(pads));
    }

    /**
     * A vocabulary. Its tokens have indices from {@code first} on; before them are that of a mask, if there is one among indices, and those of
     * unknown tokens.
     *
     * @param type of the tokens
     * @param unknown how many indices unknown tokens have
     * @param mask the token that stands for nothing; null if there is none
     * @param oov what unknown indices become
     */
    private record Vocabulary(
            DataType type,
            List<Object> tokens,
            String mode,
            long depth,
            long unknown,
            Object mask,
            Object oov,
            boolean isInverse) {

        static Vocabulary ofIntegers(LayerCall call) {
            DataType type = LayerConfig.type(call.config().text("vocabulary_dtype", "int64"));
            return of(
                    call, type, call.config().value("mask_token"), call.config().value("oov_token"));
        }

        static Vocabulary ofTexts(LayerCall call) {
            return of(
                    call,
                    DataType.DT_STRING,
                    call.config().value("mask_token"),
                    call.config().value("oov_token"));
        }

        static Vocabulary ofSentences(LayerCall call) {
            return of(call, DataType.DT_STRING, "", "[UNK]");
        }

        private static Vocabulary of(LayerCall call, DataType type, Object mask, Object oov) {
            LayerConfig config = call.config();
            config.require("sparse", false);
            config.ignore("vocabulary_size", "idf_weights");
            String mode = config.among("output_mode", "int", MODES);
            boolean isInverse = config.flag("invert", false);
            long unknown = config.integer("num_oov_indices", 1);
            boolean isHash =
                    type == DataType.DT_STRING || "farmhash".equals(config.value("oov_method")) || config.has("salt");
            if (unknown < 1 || unknown > 1 && isHash && !isInverse) {
                throw config.wrong(
                        "num_oov_indices",
                        unknown < 1
                                ? "at least 1: with none, Keras stops at what it does not know"
                                : "1, as ONNX has no operator that hashes texts");
            }
            List<Object> tokens = new ArrayList<>(stored(call, type));
            List<Object> special = new ArrayList<>();
            if (mask != null && mode.equals("int")) {
                special.add(mask);
            }
            for (int i = 0; i < unknown; i++) {
                special.add(oov);
            }
            if (tokens.size() >= special.size()
                    && tokens.subList(0, special.size()).equals(special)) {
                tokens = tokens.subList(special.size(), tokens.size());
            }
            long depth = config.flag("pad_to_max_tokens", false) && config.has("max_tokens")
                    ? config.count("max_tokens")
                    : special.size() + tokens.size();
            config.ignore("max_tokens");
            return new Vocabulary(type, tokens, mode, depth, unknown, mask, oov, isInverse);
        }

        /** The tokens that the file has, as an option or beside the weights. */
        private static List<Object> stored(LayerCall call, DataType type) {
            Object given = call.config().value("vocabulary");
            List<?> tokens = given instanceof List<?> list
                    ? list
                    : call.context()
                            .vocabulary(call.weights().path())
                            .orElseThrow(
                                    () -> new ConversionException("has no vocabulary in the file; expected one that"
                                            + " was given or learned before the model was saved as .keras"));
            return tokens.stream().map(token -> token(token, type)).toList();
        }

        private static Object token(Object token, DataType type) {
            if (type == DataType.DT_STRING && token instanceof String) {
                return token;
            }
            try {
                return Long.valueOf(String.valueOf(token));
            } catch (NumberFormatException wrong) {
                throw new ConversionException(
                        "has the token " + GraphOps.safe(String.valueOf(token)) + " in its vocabulary; expected "
                                + (type == DataType.DT_STRING ? "texts" : "integers"),
                        wrong);
            }
        }

        /** The index of unknown tokens, or the first of them. */
        private long unknownIndex() {
            return mask != null && mode.equals("int") ? 1 : 0;
        }

        private long first() {
            return unknownIndex() + unknown;
        }

        Output<?> indices(GraphOps tf, Output<?> keys) {
            long absent = unknown == 1 ? unknownIndex() : -1;
            Output<?> found = find(tf, keys, constant(tf, tokens), numbers(tf), tf.number(absent, DataType.DT_INT64));
            Output<?> indices = found;
            if (mask != null) {
                // Beyond every vocabulary, so that it counts nowhere.
                long index = mode.equals("int") ? 0 : Long.MAX_VALUE;
                Output<?> isMask = tf.op("Equal", keys, tf.at(constant(tf, List.of(mask)), 0, 0));
                indices = tf.where(isMask, tf.at(tf.longs(index), 0, 0), indices);
            }
            if (unknown == 1) {
                return indices;
            }
            Output<?> integers = tf.cast(keys, DataType.DT_INT64);
            Output<?> rest = tf.op("FloorMod", integers, tf.number(unknown, DataType.DT_INT64));
            Output<?> others = tf.add(rest, tf.number(unknownIndex(), DataType.DT_INT64));
            return tf.where(tf.op("Equal", indices, tf.number(-1, DataType.DT_INT64)), others, indices);
        }

        Output<?> inverse(GraphOps tf, Output<?> indices) {
            Output<?> absent = tf.at(constant(tf, List.of(oov)), 0, 0);
            Output<?> found = find(tf, indices, numbers(tf), constant(tf, tokens), absent);
            return mask == null
                    ? found
                    : tf.where(
                            tf.op("Equal", indices, tf.number(0, DataType.DT_INT64)),
                            tf.at(constant(tf, List.of(mask)), 0, 0),
                            found);
        }

        private Output<?> numbers(GraphOps tf) {
            return tf.longs(LongStream.range(first(), first() + tokens.size()).toArray());
        }

        private Output<?> constant(GraphOps tf, List<Object> values) {
            return type == DataType.DT_STRING
                    ? tf.texts(values.stream().map(String::valueOf).toList())
                    : tf.cast(
                            tf.longs(values.stream().mapToLong(Long.class::cast).toArray()), type);
        }

        private static Output<?> find(
                GraphOps tf, Output<?> wanted, Output<?> keys, Output<?> values, Output<?> absent) {
            Output<?> table = tf.op(
                    "HashTableV2",
                    Map.of(
                            "key_dtype",
                            keys.dataType(),
                            "value_dtype",
                            values.dataType(),
                            "shared_name",
                            tf.unique("table")));
            tf.operation("InitializeTableV2", Map.of(), table, keys, values);
            // TensorFlow does not infer that the values have the shape of the keys.
            return tf.op(
                    "EnsureShape", Map.of("shape", wanted.shape()), tf.op("LookupTableFindV2", table, wanted, absent));
        }
    }
}
