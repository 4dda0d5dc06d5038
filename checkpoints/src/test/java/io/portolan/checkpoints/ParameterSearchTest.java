package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.checkpoints.values.CheckpointException;
import io.portolan.checkpoints.values.ElementType;
import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where laboratories put their parameters. */
class ParameterSearchTest {
    private static final ArrayData ARRAY = ArrayData.ofFloats(new long[] {2}, 1, 2);
    private static final ArrayData KEY =
            ArrayData.of(ElementType.UINT32, new long[] {2}, ByteBuffer.allocate(2 * Integer.BYTES));
    private static final Map<String, Object> TREE = Map.of("dense", Map.of("kernel", ARRAY));

    @ParameterizedTest
    @MethodSource
    void parametersAreFoundWhereverTheySit(Object root, String place) throws CheckpointException {
        CheckpointAssembly.Assembled assembled = assemble(root, null);
        assertThat(assembled.parametersAt()).isEqualTo(place);
        assertThat(assembled.checkpoint().parameters().arrays()).isEqualTo(Map.of("dense/kernel", ARRAY));
    }

    static Stream<Arguments> parametersAreFoundWhereverTheySit() {
        return Stream.of(
                Arguments.of(Map.of("params", TREE), "params"),
                Arguments.of(Map.of("params", Map.of("params", TREE, "batch_stats", TREE)), "params/params"),
                Arguments.of(Map.of("state", Map.of("params", TREE)), "state/params"),
                Arguments.of(Map.of("ema_params", TREE, "opt_state", Map.of("mu", TREE)), "ema_params"),
                Arguments.of(Map.of("model", TREE, "epoch", 3L), "model"),
                Arguments.of(Map.of("model", Map.of("params", TREE, "step", 1L)), "model/params"),
                Arguments.of(
                        Map.of("optimizer", Map.of("target", Map.of("params", TREE), "state", List.of())),
                        "optimizer/target/params"),
                Arguments.of(Map.of("params", TREE, "losses", ARRAY), "params"),
                Arguments.of(Map.of("state", Map.of("params", TREE, "opt_state", TREE)), "state/params"),
                Arguments.of(Map.of("state", Map.of("model", TREE, "opt_state", TREE)), "state/model"),
                Arguments.of(Map.of("dense", Map.of("kernel", ARRAY), "rngs", Map.of("dropout", KEY)), "."),
                Arguments.of(TREE, "."),
                Arguments.of(Map.of("dense", Map.of("kernel", ARRAY), "epoch", 3L, "note", "text", "rng", KEY), "."),
                Arguments.of(record(Map.of("params", TREE, "step", 4L)), "params"),
                Arguments.of(Map.of("state", record(Map.of("params", TREE))), "state/params"));
    }

    @Test
    void whatStandsBesideTheParametersBelongsToThem() throws CheckpointException {
        Map<String, Object> state = Map.of("params", TREE, "batch_stats", TREE, "step", 7L, "opt_state", List.of());
        Checkpoint checkpoint =
                assemble(Map.of("state", state, "epoch", 3L, "note", "x"), null).checkpoint();

        assertThat(checkpoint.batchStatistics()).isEqualTo(checkpoint.parameters());
        assertThat(checkpoint.epoch()).hasValue(3);
        assertThat(checkpoint.step()).hasValue(7);
        assertThat(checkpoint.metadata()).isEqualTo(Map.of("state", Map.of("opt_state", List.of()), "note", "x"));
    }

    @Test
    void theRestOfARecordStaysARecord() throws CheckpointException {
        Checkpoint checkpoint = assemble(Map.of("state", record(Map.of("params", TREE, "step", 1L, "tx", "sgd"))), null)
                .checkpoint();
        assertThat(checkpoint.metadata()).isEqualTo(Map.of("state", record(Map.of("tx", "sgd"))));
    }

    @Test
    void severalPlacesAreListed() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("state", Map.of("params", TREE));
        root.put("ema_params", TREE);
        assertThatThrownBy(() -> assemble(root, null))
                .hasMessage(
                        "f: parameters in several places: 'state/params', 'ema_params': " + "expected one; say which");
        Map<String, Object> beside = new LinkedHashMap<>();
        beside.put("model", TREE);
        beside.put("head", TREE);
        assertThatThrownBy(() -> assemble(beside, null)).hasMessageContaining("'model', '.'");
    }

    /** What is neither a parameter nor known as something else must not be lost. */
    @ParameterizedTest
    @MethodSource
    void noArrayOfABareDictionaryIsLost(Object entry, Set<String> paths) throws CheckpointException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("embed", TREE);
        root.put("entry", entry);
        for (String place : Arrays.asList(null, ".")) {
            CheckpointAssembly.Assembled assembled = assemble(root, place);
            assertThat(assembled
                            .checkpoint()
                            .parameters()
                            .subtree("entry")
                            .arrays()
                            .keySet())
                    .isEqualTo(paths);
            assertThat(assembled.checkpoint().parameters().structure()).isEqualTo(root);
            assertThat(assembled.others()).isEmpty();
        }
    }

    static Stream<Arguments> noArrayOfABareDictionaryIsLost() {
        Map<String, Object> withNone = new LinkedHashMap<>(Map.of("kernel", ARRAY));
        withNone.put("bias", null);
        return Stream.of(
                Arguments.of(Map.of(0L, ARRAY), Set.of("0")),
                Arguments.of(Map.of("a", Map.of(true, List.of(ARRAY))), Set.of("a/True/0")),
                Arguments.of(List.of(TREE, Tuple.of(ARRAY)), Set.of("0/dense/kernel", "1/0")),
                Arguments.of(Map.of("layers", List.of(List.of(), List.of(ARRAY))), Set.of("layers/1/0")),
                Arguments.of(Map.of("scale", ARRAY, "eps", 1e-6), Set.of("scale")),
                Arguments.of(withNone, Set.of("kernel")),
                Arguments.of(Map.of(Tuple.of("a", "b"), ARRAY, Tuple.of("a", "c"), ARRAY), Set.of("a/b", "a/c")),
                Arguments.of(Map.of(0L, ARRAY, "0", ARRAY), Set.of("%int:0", "0")),
                Arguments.of(Map.of("mlp/~/linear_0", ARRAY, "", ARRAY), Set.of("mlp%2F~%2Flinear_0", "%")),
                Arguments.of(opaque("List", List.of(ARRAY), Map.of()), Set.of("0")),
                Arguments.of(opaque("Dict", List.of(), Map.of("w", ARRAY)), Set.of("w")));
    }

    @Test
    void aRecordAmongParametersIsRefusedWithItsClass() {
        assertThatThrownBy(() -> assemble(Map.of("embed", TREE, "entry", record(Map.of("w", ARRAY))), null))
                .hasMessage(
                        "f: 'entry' is a record, 'train.TrainState': expected dictionaries, lists and tuples of arrays, "
                                + "None and numbers; save its fields as a dictionary, alone or under params");
    }

    /** Lists and tuples have no names to go by. */
    @ParameterizedTest
    @MethodSource
    void aSequenceIsAllParametersOrHoldsThem(Object root, String place) throws CheckpointException {
        assertThat(assemble(root, null).parametersAt()).isEqualTo(place);
    }

    static Stream<Arguments> aSequenceIsAllParametersOrHoldsThem() {
        Object layer = Tuple.of(ARRAY, ARRAY);
        Object optimiser = Tuple.of(opaque("Adam", List.of(ARRAY), Map.of()), record(Map.of("mu", ARRAY)));
        return Stream.of(
                Arguments.of(List.of(layer, Tuple.of(), layer), "."),
                Arguments.of(List.of(layer, Tuple.of()), "."),
                Arguments.of(List.of(layer, List.of(0.5, 0.25)), "0"),
                Arguments.of(Tuple.of(TREE, TREE), "."),
                Arguments.of(Tuple.of(TREE, 3L), "0"),
                Arguments.of(Tuple.of(TREE, optimiser), "0"),
                Arguments.of(Tuple.of(Map.of("params", TREE, "batch_stats", TREE), 3L), "0/params"),
                Arguments.of(
                        Tuple.of(
                                new InertObject(
                                        InertObject.Form.OPAQUE,
                                        "brax.training.acme.running_statistics",
                                        "RunningStatisticsState",
                                        List.of(),
                                        Map.of("mean", ARRAY),
                                        List.of(),
                                        Map.of()),
                                Map.of("params", TREE),
                                Map.of("params", TREE)),
                        "."));
    }

    private static InertObject opaque(String name, List<Object> items, Map<Object, Object> entries) {
        return new InertObject(InertObject.Form.OPAQUE, "m", name, List.of(), null, items, entries);
    }

    @Test
    void modulesMayBeCalledLikeRandomKeys() throws CheckpointException {
        Map<String, Object> attention = Map.of("query", TREE, "key", TREE, "value", TREE);
        assertThat(assemble(attention, null).checkpoint().parameters().children())
                .containsExactlyInAnyOrder("query", "key", "value");
    }

    @Test
    void placesThatCompeteBelowANameAreListed() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("params", TREE);
        state.put("ema_params", TREE);
        state.put("opt_state", Map.of("mu", TREE));
        assertThatThrownBy(() -> assemble(Map.of("state", state), null))
                .hasMessageContaining("'state/params', 'state/ema_params'");
        assertThatThrownBy(() -> assemble(Map.of("params", Map.of("params", TREE, "head", TREE)), null))
                .hasMessageContaining("'params/params', 'params'");
        assertThatThrownBy(() -> assemble(Map.of("state", Map.of("net", TREE, "opt_state", TREE)), null))
                .hasMessageContaining("'state/net', 'state'");
        assertThatThrownBy(() -> assemble(Map.of("net", TREE, "opt_state", List.of(ARRAY)), null))
                .hasMessageContaining("'net', '.'");
        assertThatThrownBy(() -> assemble(Map.of("model", TREE, "ema_params", List.of(ARRAY)), null))
                .hasMessageContaining("'ema_params'");
    }

    @Test
    void theStateOfAnOptimiserIsNoParameterWhateverStandsBesideIt() throws CheckpointException {
        Map<String, Object> entries = Map.of("conv", TREE, "head", TREE, "opt_state", TREE);
        for (CheckpointAssembly.Assembled assembled : List.of(
                assemble(entries, null),
                assemble(Map.of("state", entries), null),
                assemble(Map.of("x", entries), "x"))) {
            assertThat(assembled.checkpoint().parameters().children()).containsExactlyInAnyOrder("conv", "head");
            assertThat(assembled.others())
                    .singleElement()
                    .hasToString("'" + (assembled.parametersAt() + "/").replace("./", "") + "opt_state' (1 array)");
        }
    }

    @Test
    void everyPlaceWithOtherArraysIsTold() throws CheckpointException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("state", Map.of("params", TREE, 7L, ARRAY));
        root.put("opt_state", List.of(Map.of("mu", ARRAY), ARRAY));
        root.put("batch_stats", TREE);
        root.put("layers", Map.of(0L, List.of(ARRAY)));
        root.put("note", "text");

        assertThat(assemble(root, null).others())
                .containsExactly(
                        new Remainder("opt_state", 2, 4, true),
                        new Remainder("layers", 1, 2, false),
                        new Remainder("state/7", 1, 2, false));
        assertThat(assemble(root, "state/params").others()).allMatch(Remainder::recognised);
    }

    /** Counted below the parameters too: their part of the file is taken once, whatever the number of its entries. */
    @Test
    void manyEntriesTakeTimeInProportion() throws CheckpointException {
        Map<String, Object> root = new LinkedHashMap<>();
        for (int i = 0; i < 200_000; i++) {
            root.put("w" + i, ARRAY);
        }
        assertThat(assertTimeout(Duration.ofSeconds(60), () -> assemble(root, null))
                        .checkpoint()
                        .parameters()
                        .arrays())
                .hasSize(200_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "silent-bare-state.pkl;parameters in several places: 'train_params', '.'",
                "silent-state-with-optimizer.pkl;parameters in several places: 'state/params', 'state/ema_params'"
            })
    void filesWithSeveralStatesAreRefused(String sample, String problem) {
        assertThatThrownBy(() -> Checkpoints.read(FormatSample.file("wild/" + sample)))
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "silent-float-eps.pkl, embed/kernel norm/scale",
        "silent-intkeys-blocks.pkl, embed/kernel blocks/0/kernel blocks/1/kernel head/kernel",
        "silent-none-bias.pkl, embed/kernel head/kernel"
    })
    void filesThatLostLayersAreReadWhole(String sample, String paths) throws IOException {
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file("wild/" + sample));
        assertThat(String.join(" ", checkpoint.parameters().arrays().keySet())).isEqualTo(paths);
        assertThat(checkpoint.metadata()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void aPlaceCanBeChosen(Object root, String place, String found) throws CheckpointException {
        assertThat(assemble(root, place).parametersAt()).isEqualTo(found);
    }

    static Stream<Arguments> aPlaceCanBeChosen() {
        return Stream.of(
                Arguments.of(Map.of("a", Map.of("b", TREE), "params", TREE), "a/b", "a/b"),
                Arguments.of(Map.of("a", Map.of("params", TREE)), "a", "a/params"),
                Arguments.of(List.of(TREE, List.of()), "0", "0"),
                Arguments.of(Map.of("model", TREE, "head", TREE), ".", "."));
    }

    @Test
    void aTupleOfParametersAndStateKeepsTheState() throws CheckpointException {
        assertThat(assemble(List.of(TREE, List.of(1L)), "0").checkpoint().metadata())
                .containsEntry("1", List.of(1L));
    }

    @Test
    void aChosenPlaceMustExist() {
        assertThatThrownBy(() -> assemble(Map.of("params", TREE), "ema"))
                .hasMessage("f: no 'ema' in '.', only 'params': expected the place of the parameters");
        assertThatThrownBy(() -> assemble(Map.of("params", TREE, "epoch", 1L), "epoch"))
                .hasMessageContaining("epoch is Long 1");
    }

    private static InertObject record(Map<Object, Object> fields) {
        return new InertObject(InertObject.Form.RECORD, "train", "TrainState", List.of(), fields, List.of(), Map.of());
    }

    private static CheckpointAssembly.Assembled assemble(Object root, String place) throws CheckpointException {
        return CheckpointAssembly.of("f", FileTree.of("f", root), Optional.ofNullable(place));
    }
}
