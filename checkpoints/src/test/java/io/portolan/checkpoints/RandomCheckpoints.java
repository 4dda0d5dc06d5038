package io.portolan.checkpoints;

import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
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
        return Combinators.combine(trees().filter(tree -> !tree.isEmpty()), trees(), counts, counts, metadata())
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
        Arbitrary<Object> keys = Arbitraries.oneOf(NAMES, Arbitraries.longs(), Arbitraries.of(true, false))
                .map(key -> key);
        Arbitrary<Map<Object, Object>> maps =
                Arbitraries.maps(keys, below).ofMaxSize(3).map(LinkedHashMap::new);
        Arbitrary<List<Object>> lists = below.list().ofMaxSize(3);
        Arbitrary<Object> records = Combinators.combine(
                        Arbitraries.of(InertObject.Form.class), NAMES, lists, below, maps)
                .as((form, name, list, state, map) -> new InertObject(form, "optax", name, list, state, list, map));
        return Arbitraries.oneOf(plain, lists.map(list -> (Object) list), maps.map(map -> (Object) map), records);
    }
}
