package io.portolan.programs.stablehlo;

import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.BOOL;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.CONFIGURATION;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.ENTRIES;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.HINT;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.INT;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.INTS;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.ITEMS;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.KEYWORD;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.KEYWORDS;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.ONES;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.REAL;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.REQUIRED_INTS;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.SYMBOL;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.SYMBOLS;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.TENSOR;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.TEXT;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.TYPE;
import static io.portolan.programs.stablehlo.AttributeDefinition.Kind.ZEROS;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An operation of StableHLO: its attributes, and the revisions of it in VHLO. All readers and the writer use this table. The record of
 * properties of revision {@code n} in MLIR bytecode holds the attributes that this revision has, in alphabetical order.
 *
 * @param name full name, such as {@code stablehlo.add}
 * @param revisions the number of revisions: {@code vhlo.add_v1} is revision 1
 * @param attributes its attributes in alphabetical order
 */
public record OpDefinition(String name, int revisions, List<AttributeDefinition> attributes) {
    private static final Map<String, OpDefinition> TABLE = new LinkedHashMap<>();

    private static final AttributeDefinition CHANNEL = integer("channel_id", 0);
    private static final AttributeDefinition GROUPS = of("replica_groups", TENSOR);
    private static final AttributeDefinition GLOBAL_IDS = flag("use_global_device_ids");
    private static final AttributeDefinition PRECISION = of("precision_config", KEYWORDS);

    static {
        Stream.of(
                        "abs",
                        "bitcast_convert",
                        "ceil",
                        "count_leading_zeros",
                        "convert",
                        "floor",
                        "imag",
                        "is_finite",
                        "negate",
                        "not",
                        "popcnt",
                        "real",
                        "reshape",
                        "round_nearest_even",
                        "round_nearest_afz",
                        "sign",
                        "uniform_dequantize",
                        "uniform_quantize",
                        "add",
                        "and",
                        "atan2",
                        "complex",
                        "divide",
                        "maximum",
                        "minimum",
                        "multiply",
                        "or",
                        "power",
                        "remainder",
                        "shift_left",
                        "shift_right_arithmetic",
                        "shift_right_logical",
                        "subtract",
                        "xor",
                        "after_all",
                        "async_start",
                        "async_done",
                        "case",
                        "clamp",
                        "create_token",
                        "dynamic_pad",
                        "dynamic_reshape",
                        "dynamic_update_slice",
                        "if",
                        "optimization_barrier",
                        "partition_id",
                        "real_dynamic_slice",
                        "replica_id",
                        "return",
                        "select",
                        "tuple",
                        "while")
                .forEach(OpDefinition::op);
        Stream.of(
                        "cbrt",
                        "cosine",
                        "exponential",
                        "exponential_minus_one",
                        "log",
                        "log_plus_one",
                        "logistic",
                        "rsqrt",
                        "sine",
                        "sqrt",
                        "tan",
                        "tanh")
                .forEach(name -> revised(name, 2, of("result_accuracy", HINT).since(2)));

        revised("all_gather", 2, integer("all_gather_dim"), CHANNEL, GROUPS, GLOBAL_IDS);
        revised("all_reduce", 2, CHANNEL, GROUPS, GLOBAL_IDS);
        revised(
                "all_to_all",
                2,
                CHANNEL,
                integer("concat_dimension"),
                GROUPS,
                integer("split_count"),
                integer("split_dimension"));
        op("batch_norm_grad", of("epsilon", REAL), integer("feature_index"));
        op("batch_norm_inference", of("epsilon", REAL), integer("feature_index"));
        op("batch_norm_training", of("epsilon", REAL), integer("feature_index"));
        op("broadcast", dimensions("broadcast_sizes"));
        op("broadcast_in_dim", dimensions("broadcast_dimensions"));
        op("cholesky", flag("lower"));
        revised("collective_broadcast", 2, CHANNEL, flag("has_dynamic_root").since(2), GROUPS);
        op("collective_reduce", CHANNEL, flag("has_dynamic_root"), GROUPS, GLOBAL_IDS);
        op("collective_permute", CHANNEL, of("source_target_pairs", TENSOR));
        op("compare", keyword("compare_type", "NOTYPE"), of("comparison_direction", KEYWORD));
        revised(
                "composite",
                2,
                of("composite_attributes", ENTRIES),
                of("decomposition", SYMBOL),
                of("name", TEXT),
                integer("version", 0));
        op("concatenate", integer("dimension"));
        op("constant", of("value", TENSOR));
        op("convolution", convolution());
        op("cross-replica-sum", GROUPS);
        revised(
                "custom_call",
                2,
                keyword("api_version", "ORIGINAL"),
                of("backend_config", CONFIGURATION),
                of("call_target_name", TEXT),
                of("called_computations", SYMBOLS),
                flag("has_side_effect"),
                of("operand_layouts", ITEMS),
                of("output_operand_aliases", ITEMS),
                of("result_layouts", ITEMS),
                of("result_tilings", ITEMS).since(2));
        op("dot", PRECISION);
        revised(
                "dot_general",
                2,
                of("accumulation_type", TYPE).since(2),
                of("allow_imprecise_accumulation", TYPE).since(2),
                of("lhs_batching_dimensions", INTS),
                of("lhs_component_count", TYPE).since(2),
                of("lhs_contracting_dimensions", INTS),
                of("lhs_precision_type", TYPE).since(2),
                of("num_primitive_operations", TYPE).since(2),
                PRECISION,
                of("rhs_batching_dimensions", INTS),
                of("rhs_component_count", TYPE).since(2),
                of("rhs_contracting_dimensions", INTS),
                of("rhs_precision_type", TYPE).since(2));
        op(
                "dynamic_broadcast_in_dim",
                dimensions("broadcast_dimensions"),
                of("known_expanding_dimensions", INTS),
                of("known_nonexpanding_dimensions", INTS));
        revised(
                "dynamic_conv",
                2,
                Stream.of(convolution())
                        .map(attribute -> attribute.name().equals("padding") ? attribute.until(1) : attribute)
                        .toArray(AttributeDefinition[]::new));
        revised("dynamic_gather", 2, gather());
        op("dynamic_iota", integer("iota_dimension"));
        op("dynamic_slice", dimensions("slice_sizes"));
        op("einsum", of("einsum_config", TEXT));
        op("fft", dimensions("fft_length"), of("fft_type", KEYWORD));
        revised(
                "gather",
                2,
                Stream.concat(Stream.of(gather()), Stream.of(dimensions("slice_sizes")))
                        .toArray(AttributeDefinition[]::new));
        op("get_dimension_size", integer("dimension"));
        op("get_tuple_element", integer("index"));
        op("infeed", text("infeed_config"), of("layout", ITEMS));
        op("iota", integer("iota_dimension"));
        op("map", dimensions("dimensions"));
        op("outfeed", text("outfeed_config"));
        op("pad", dimensions("edge_padding_high"), dimensions("edge_padding_low"), dimensions("interior_padding"));
        revised("recv", 2, messages());
        op("reduce", dimensions("dimensions"));
        op("reduce_precision", integer("exponent_bits"), integer("mantissa_bits"));
        op("reduce_scatter", CHANNEL, GROUPS, integer("scatter_dimension"), GLOBAL_IDS);
        op(
                "reduce_window",
                of("base_dilations", ONES),
                of("padding", ZEROS),
                of("window_dilations", ONES),
                dimensions("window_dimensions"),
                of("window_strides", ONES));
        op("reverse", dimensions("dimensions"));
        op("rng_bit_generator", of("rng_algorithm", KEYWORD));
        op("rng", of("rng_distribution", KEYWORD));
        revised(
                "scatter",
                2,
                integer("index_vector_dim", 0),
                flag("indices_are_sorted"),
                of("input_batching_dims", INTS).since(2),
                of("inserted_window_dims", INTS),
                of("scatter_dims_to_operand_dims", INTS),
                of("scatter_indices_batching_dims", INTS).since(2),
                flag("unique_indices"),
                of("update_window_dims", INTS));
        op("select_and_scatter", of("padding", ZEROS), of("window_dimensions", ONES), of("window_strides", ONES));
        revised("send", 2, messages());
        op("set_dimension_size", integer("dimension"));
        op("slice", dimensions("limit_indices"), dimensions("start_indices"), dimensions("strides"));
        op("sort", integer("dimension", -1), flag("is_stable"));
        op("torch_index_select", integer("batch_dims"), integer("dim"));
        op("transpose", dimensions("permutation"));
        op("triangular_solve", flag("left_side"), flag("lower"), of("transpose_a", KEYWORD), flag("unit_diagonal"));
        op("unary_einsum", of("einsum_config", TEXT));

        add(new OpDefinition("func.call", 1, List.of(of("callee", SYMBOL))));
        Stream.of(
                        "acos",
                        "acosh",
                        "asin",
                        "asinh",
                        "atan",
                        "atanh",
                        "bessel_i1e",
                        "conj",
                        "cosh",
                        "digamma",
                        "erf",
                        "erf_inv",
                        "erfc",
                        "lgamma",
                        "mulhi",
                        "next_after",
                        "polygamma",
                        "sinh",
                        "square",
                        "tan",
                        "zeta")
                .forEach(name -> add(new OpDefinition("chlo." + name, 1, List.of())));
        add(new OpDefinition("chlo.top_k", 1, List.of(integer("k"))));
        add(new OpDefinition("chlo.ragged_dot", 1, List.of()));
    }

    /** The row of a full name. */
    public static Optional<OpDefinition> find(String name) {
        return Optional.ofNullable(TABLE.get(name));
    }

    /** All rows. */
    public static List<OpDefinition> all() {
        return List.copyOf(TABLE.values());
    }

    /** The attributes of a revision, in the order of its record of properties. */
    public List<AttributeDefinition> attributes(int revision) {
        return attributes.stream()
                .filter(attribute -> attribute.since() <= revision && revision <= attribute.until())
                .toList();
    }

    /** An attribute by name. */
    public Optional<AttributeDefinition> attribute(String attribute) {
        return attributes.stream().filter(each -> each.name().equals(attribute)).findFirst();
    }

    /**
     * The canonical form of attributes: without those that are omitted.
     *
     * @throws IllegalArgumentException if one is not declared, or a required one is absent
     */
    public Map<String, Attribute> canonical(Map<String, Attribute> given) {
        Map<String, Attribute> kept = new LinkedHashMap<>();
        for (AttributeDefinition attribute : attributes) {
            Attribute value = given.get(attribute.name());
            if (value == null && attribute.isRequired()) {
                throw new IllegalArgumentException(name + ": expected an attribute " + attribute.name());
            }
            if (value != null && !attribute.isOmitted(value)) {
                kept.put(attribute.name(), value);
            }
        }
        for (String attribute : given.keySet()) {
            if (attribute(attribute).isEmpty()) {
                throw new IllegalArgumentException(name + ": has an unknown attribute " + attribute);
            }
        }
        return Collections.unmodifiableMap(kept);
    }

    private static AttributeDefinition[] convolution() {
        return new AttributeDefinition[] {
            integer("batch_group_count", 1),
            integer("feature_group_count", 1),
            integer("input_batch_dimension"),
            integer("input_feature_dimension"),
            of("input_spatial_dimensions", INTS),
            integer("kernel_input_feature_dimension"),
            integer("kernel_output_feature_dimension"),
            of("kernel_spatial_dimensions", INTS),
            of("lhs_dilation", ONES),
            integer("output_batch_dimension"),
            integer("output_feature_dimension"),
            of("output_spatial_dimensions", INTS),
            of("padding", ZEROS),
            PRECISION,
            of("rhs_dilation", ONES),
            of("window_reversal", ZEROS),
            of("window_strides", ONES)
        };
    }

    private static AttributeDefinition[] gather() {
        return new AttributeDefinition[] {
            of("collapsed_slice_dims", INTS),
            integer("index_vector_dim", 0),
            flag("indices_are_sorted"),
            of("offset_dims", INTS),
            of("operand_batching_dims", INTS).since(2),
            of("start_index_map", INTS),
            of("start_indices_batching_dims", INTS).since(2)
        };
    }

    private static AttributeDefinition[] messages() {
        return new AttributeDefinition[] {
            CHANNEL,
            integer("channel_type", 0),
            flag("is_host_transfer"),
            of("source_target_pairs", TENSOR).since(2)
        };
    }

    private static AttributeDefinition of(String name, AttributeDefinition.Kind kind) {
        return new AttributeDefinition(name, kind);
    }

    private static AttributeDefinition integer(String name) {
        return of(name, INT);
    }

    private static AttributeDefinition integer(String name, long otherwise) {
        return of(name, INT).or(new Attribute.Int(otherwise));
    }

    private static AttributeDefinition flag(String name) {
        return of(name, BOOL).or(new Attribute.Bool(false));
    }

    private static AttributeDefinition dimensions(String name) {
        return of(name, REQUIRED_INTS);
    }

    private static AttributeDefinition keyword(String name, String otherwise) {
        return of(name, KEYWORD).or(new Attribute.Keyword(otherwise));
    }

    private static AttributeDefinition text(String name) {
        return of(name, TEXT).or(new Attribute.Text(""));
    }

    private static void op(String name, AttributeDefinition... attributes) {
        revised(name, 1, attributes);
    }

    private static void revised(String name, int revisions, AttributeDefinition... attributes) {
        List<AttributeDefinition> sorted = Stream.of(attributes)
                .sorted(Comparator.comparing(AttributeDefinition::name))
                .toList();
        add(new OpDefinition("stablehlo." + name, revisions, sorted));
    }

    private static void add(OpDefinition definition) {
        TABLE.put(definition.name(), definition);
    }
}
