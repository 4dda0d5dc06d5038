package io.portolan.programs.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How an operation is printed without quotes: a leading name, then operands, words and {@code key = value} with commas between them,
 * possibly the first of them in brackets, then a suffix, an attribute dictionary, and the types.
 *
 * @param leading the attribute that a leading name is; empty if there is none
 * @param words the attributes that words are, in order
 * @param keys what values mean, by key
 * @param suffix what follows the operands
 * @param types what types without an arrow mean
 */
record PrettyForm(String leading, List<String> words, Map<String, Key> keys, Suffix suffix, Types types) {
    /** How a value is written. */
    enum Notation {
        /** As in a dictionary. */
        VALUE,
        /** An integer without a type. */
        INTEGER,
        /** A word. */
        WORD,
        /** Words in a list. */
        WORDS,
        /** Two lists with an {@code x} between them. */
        PAIR,
        /** The widths of the exponent and the mantissa: {@code e5m10}. */
        WIDTHS,
        /** A dictionary in pointed brackets. */
        STRUCTURE,
        /** A dictionary in braces. */
        DICTIONARY,
        /** The axes of a convolution. */
        AXES
    }

    /**
     * What a key means.
     *
     * @param attributes the attributes that its value is
     */
    record Key(Notation notation, List<String> attributes) {}

    /** What follows the operands. */
    enum Suffix {
        NONE,
        /** Starts, limits and strides: {@code [0:1, 2:8:2]}. */
        RANGES,
        /** {@code [0]}. */
        INDEX
    }

    /** What types without an arrow mean. */
    enum Types {
        /** One, of all operands and the result. */
        SAME,
        /** One, of the result; the operands follow from it. */
        RESULT,
        /** Of the condition, and of the rest. */
        SELECT,
        /** One for each operand and its result. */
        EACH
    }

    private static final PrettyForm PLAIN = new PrettyForm("", List.of(), Map.of(), Suffix.NONE, Types.SAME);
    private static final Map<String, PrettyForm> TABLE = new LinkedHashMap<>();

    static {
        row("compare", PLAIN.words("comparison_direction", "compare_type"));
        row("select", PLAIN.types(Types.SELECT));
        row("iota", PLAIN.key("dim", Notation.INTEGER, "iota_dimension").types(Types.RESULT));
        row("dynamic_iota", PLAIN.key("dim", Notation.INTEGER, "iota_dimension"));
        row("concatenate", PLAIN.key("dim", Notation.INTEGER, "dimension"));
        row("get_dimension_size", PLAIN.key("dim", Notation.INTEGER, "dimension"));
        row("set_dimension_size", PLAIN.key("dim", Notation.INTEGER, "dimension"));
        row("broadcast", PLAIN.key("sizes", "broadcast_sizes"));
        row("broadcast_in_dim", PLAIN.key("dims", "broadcast_dimensions"));
        row("dynamic_broadcast_in_dim", PLAIN.key("dims", "broadcast_dimensions"));
        row("transpose", PLAIN.key("dims", "permutation"));
        row("reverse", PLAIN.key("dims", "dimensions"));
        row("slice", PLAIN.suffix(Suffix.RANGES));
        row("dynamic_slice", PLAIN.key("sizes", "slice_sizes"));
        row(
                "pad",
                PLAIN.key("low", "edge_padding_low")
                        .key("high", "edge_padding_high")
                        .key("interior", "interior_padding"));
        row(
                "dot_general",
                PLAIN.key("batching_dims", Notation.PAIR, "lhs_batching_dimensions", "rhs_batching_dimensions")
                        .key(
                                "contracting_dims",
                                Notation.PAIR,
                                "lhs_contracting_dimensions",
                                "rhs_contracting_dimensions")
                        .key("precision", Notation.WORDS, "precision_config")
                        .key("algorithm", Notation.STRUCTURE, "algorithm"));
        row("dot", PLAIN.key("precision", Notation.WORDS, "precision_config"));
        Stream.of("convolution", "dynamic_conv")
                .forEach(name -> row(
                        name,
                        PLAIN.key("dim_numbers", Notation.AXES, "dimension_numbers")
                                .key("window", Notation.DICTIONARY, "window")));
        row("fft", PLAIN.key("type", Notation.WORD, "fft_type").key("length", "fft_length"));
        row("cholesky", PLAIN.key("lower", "lower"));
        row("einsum", PLAIN.key("config", "einsum_config"));
        row("unary_einsum", PLAIN.key("config", "einsum_config"));
        row(
                "torch_index_select",
                PLAIN.key("dim", Notation.INTEGER, "dim").key("batch_dims", Notation.INTEGER, "batch_dims"));
        row("reduce_precision", PLAIN.key("format", Notation.WIDTHS, "exponent_bits", "mantissa_bits"));
        row("rng", PLAIN.key("distribution", Notation.WORD, "rng_distribution"));
        row("rng_bit_generator", PLAIN.key("algorithm", Notation.WORD, "rng_algorithm"));
        row("optimization_barrier", PLAIN.types(Types.EACH));
        row("custom_call", PLAIN.leading("call_target_name"));
        row("composite", PLAIN.leading("name"));
        row("get_tuple_element", PLAIN.suffix(Suffix.INDEX));
        Stream.of("complex", "partition_id", "replica_id", "create_token", "after_all", "tuple")
                .forEach(name -> row(name, PLAIN.types(Types.RESULT)));
        TABLE.put("func.call", PLAIN.leading("callee"));
        TABLE.put("chlo.top_k", PLAIN.key("k", Notation.INTEGER, "k"));
        Stream.of("func.return", "stablehlo.return").forEach(name -> TABLE.put(name, PLAIN.types(Types.EACH)));
    }

    /** The form of an operation; most have nothing but operands. */
    static PrettyForm of(String operation) {
        return TABLE.getOrDefault(operation, PLAIN);
    }

    /** Whether words may come before the types. */
    boolean hasWords() {
        return !words.isEmpty() || !keys.isEmpty();
    }

    private static void row(String name, PrettyForm form) {
        TABLE.put("stablehlo." + name, form);
    }

    private PrettyForm leading(String attribute) {
        return new PrettyForm(attribute, words, keys, suffix, types);
    }

    private PrettyForm words(String... attributes) {
        return new PrettyForm(leading, List.of(attributes), keys, suffix, types);
    }

    private PrettyForm key(String key, String attribute) {
        return key(key, Notation.VALUE, attribute);
    }

    private PrettyForm key(String key, Notation notation, String... attributes) {
        Map<String, Key> more = new LinkedHashMap<>(keys);
        more.put(key, new Key(notation, List.of(attributes)));
        return new PrettyForm(leading, words, Map.copyOf(more), suffix, types);
    }

    private PrettyForm suffix(Suffix what) {
        return new PrettyForm(leading, words, keys, what, types);
    }

    private PrettyForm types(Types meaning) {
        return new PrettyForm(leading, words, keys, suffix, meaning);
    }
}
