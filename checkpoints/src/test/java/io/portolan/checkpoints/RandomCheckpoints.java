package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Checkpoints as no laboratory has them: any names, types, shapes, bits and metadata. */
final class RandomCheckpoints {
    private static final Arbitrary<String> NAMES = Arbitraries.oneOf(
            Arbitraries.of("params", "kernel", "bias", "conv1", "0", "1", "a.b", "$x", "epoch", "model", "portolan"),
            Arbitraries.strings().withCharRange('a', 'z').ofMinLength(1).ofMaxLength(8),
            Arbitraries.strings()
                    .withChars("\u03bb\u4e2d-_. '\"$:")
                    .ofMinLength(1)
                    .ofMaxLength(4)
                    .filter(name -> !name.equals("..")));

    private RandomCheckpoints() {}

    static Arbitrary<Checkpoint> all() {
        Arbitrary<OptionalLong> counts = Arbitraries.oneOf(
                Arbitraries.just(OptionalLong.empty()),
                Arbitraries.longs().between(0, 1L << 58).map(OptionalLong::of));
        Arbitrary<ParameterTree> any = Arbitraries.oneOf(
                trees(), structures(3).filter(TreeArrays::isContainer).map(ParameterTree::ofStructure));
        return Combinators.combine(any.filter(tree -> !tree.isEmpty()), any, counts, counts, metadata())
                .as(Checkpoint::new);
    }

    static Arbitrary<ArrayData> arrays() {
        Arbitrary<long[]> shapes =
                Arbitraries.longs().between(0, 4).array(long[].class).ofMaxSize(4);
        return Combinators.combine(Arbitraries.of(ElementType.class), shapes, Arbitraries.longs())
                .as((type, shape, seed) -> {
                    byte[] bits = new byte[(int) ArrayData.byteCount(type, shape)];
                    new Random(seed).nextBytes(bits);
                    return ArrayData.of(type, shape, ByteBuffer.wrap(bits));
                });
    }

    private static Arbitrary<ParameterTree> trees() {
        Arbitrary<Object> leaves = arrays().map(array -> array);
        Arbitrary<Object> nested = Arbitraries.lazyOf(
                () -> leaves,
                () -> leaves,
                () -> leaves,
                () -> Arbitraries.maps(NAMES, leaves).ofMinSize(1).ofMaxSize(4).map(map ->
                        (Object) new LinkedHashMap<>(map)));
        return Arbitraries.maps(NAMES, nested).ofMaxSize(5).map(map -> {
            Map<String, ArrayData> arrays = new LinkedHashMap<>();
            flatten("", map, arrays);
            return ParameterTree.of(arrays);
        });
    }

    /** Everything that a tree of JAX may be made of. */
    private static Arbitrary<Object> structures(int depth) {
        Arbitrary<Object> numbers = Arbitraries.of(
                true,
                -1L,
                Long.MIN_VALUE,
                Double.NaN,
                -0.0,
                3.0,
                BigInteger.TWO.pow(70),
                BigInteger.TEN.negate().pow(31));
        Arbitrary<Object> arrays = arrays().map(array -> array);
        Arbitrary<Object> leaves = Arbitraries.oneOf(arrays, arrays, numbers).injectNull(0.05);
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<Object> below = Arbitraries.lazy(() -> structures(depth - 1));
        Arbitrary<List<Object>> lists = below.list().ofMaxSize(3);
        Arbitrary<Map<Object, Object>> maps = Arbitraries.oneOf(
                Arbitraries.maps(textKeys(), below).ofMaxSize(4).map(LinkedHashMap::new),
                Arbitraries.maps(keys(), below).ofMaxSize(4).map(LinkedHashMap::new),
                Arbitraries.maps(textKeys().list().ofMinSize(1).ofMaxSize(3).map(RandomCheckpoints::tuple), below)
                        .ofMaxSize(4)
                        .map(LinkedHashMap::new));
        return Arbitraries.oneOf(
                leaves,
                lists.map(list -> (Object) list),
                lists.map(RandomCheckpoints::tuple),
                maps.map(map -> (Object) map),
                maps.map(map -> record("flax.nnx.statelib", "State", Map.of("_mapping", map))),
                below.map(value -> record("lab", "LoRAParam", fields("raw_value", value, "_trace_state", 1L))),
                below.map(value -> record("flax.core.meta", "Partitioned", fields("value", value, "names", null))),
                Combinators.combine(below, below)
                        .as((mean, std) -> record(
                                "brax.training.acme.running_statistics",
                                "RunningStatisticsState",
                                fields("mean", mean, "std", std))));
    }

    private static Arbitrary<Object> textKeys() {
        return Arbitraries.oneOf(
                        NAMES,
                        Arbitraries.of(
                                "mlp/~/linear_0", "", "%", "%2F", "a/b", ".", "..", "a\\..", "\ud800", "True", "None"))
                .map(key -> key);
    }

    private static Arbitrary<Object> keys() {
        Arbitrary<Object> plain = Arbitraries.oneOf(
                        textKeys(),
                        Arbitraries.longs().between(0, 2).map(key -> (Object) key),
                        Arbitraries.of(true, false, 0.5, BigInteger.TWO.pow(80)))
                .injectNull(0.1);
        return Arbitraries.oneOf(plain, plain.list().ofMaxSize(2).map(RandomCheckpoints::tuple));
    }

    private static Object tuple(List<Object> elements) {
        return new Tuple(elements);
    }

    private static Map<Object, Object> fields(String name, Object value, String other, Object otherValue) {
        Map<Object, Object> fields = new LinkedHashMap<>();
        fields.put(name, value);
        fields.put(other, otherValue);
        return fields;
    }

    private static Object record(String module, String name, Map<Object, Object> fields) {
        return new InertObject(InertObject.Form.OPAQUE, module, name, List.of(), fields, List.of(), Map.of());
    }

    private static void flatten(String prefix, Map<?, ?> map, Map<String, ArrayData> arrays) {
        map.forEach((name, value) -> {
            if (value instanceof ArrayData array) {
                arrays.put(prefix + name, array);
            } else {
                flatten(prefix + name + "/", (Map<?, ?>) value, arrays);
            }
        });
    }

    private static Arbitrary<Map<String, Object>> metadata() {
        return Arbitraries.maps(NAMES, values(2)).ofMaxSize(4).map(LinkedHashMap::new);
    }

    private static Arbitrary<Object> values(int depth) {
        Arbitrary<Object> plain = Arbitraries.oneOf(
                        Arbitraries.of(true, false),
                        Arbitraries.longs(),
                        Arbitraries.doubles(),
                        Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0),
                        NAMES,
                        Arbitraries.bigIntegers().between(BigInteger.ONE.shiftLeft(64), BigInteger.ONE.shiftLeft(99)),
                        arrays())
                .map(value -> value);
        if (depth == 0) {
            return plain.injectNull(0.1);
        }
        Arbitrary<Object> below = values(depth - 1);
        Arbitrary<Map<Object, Object>> maps =
                Arbitraries.maps(keys(), below).ofMaxSize(3).map(LinkedHashMap::new);
        Arbitrary<List<Object>> lists = below.list().ofMaxSize(3);
        Arbitrary<Object> records = Combinators.combine(
                        Arbitraries.of(InertObject.Form.class), NAMES, lists, below, maps)
                .as((form, name, list, state, map) -> new InertObject(form, "optax", name, list, state, list, map));
        return Arbitraries.oneOf(
                plain,
                lists.map(list -> (Object) list),
                lists.map(RandomCheckpoints::tuple),
                maps.map(map -> (Object) map),
                records);
    }
}
