package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where laboratories put their parameters. */
class ParameterSearchTest {
    private static final ArrayData ARRAY = ArrayData.ofFloats(new long[] {2}, 1, 2);
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
                Arguments.of(Map.of("optimizer", Map.of("target", Map.of("params", TREE), "state", List.of())), "optimizer/target/params"),
                Arguments.of(Map.of("params", TREE, "losses", ARRAY), "params"),
                Arguments.of(TREE, "."),
                Arguments.of(Map.of("dense", Map.of("kernel", ARRAY), "epoch", 3L, "note", "text", "rng", ARRAY), "."),
                Arguments.of(record(Map.of("params", TREE, "step", 4L)), "params"),
                Arguments.of(Map.of("state", record(Map.of("params", TREE))), "state/params"));
    }

    @Test
    void whatStandsBesideTheParametersBelongsToThem() throws CheckpointException {
        Map<String, Object> state = Map.of("params", TREE, "batch_stats", TREE, "step", 7L, "opt_state", List.of());
        Checkpoint checkpoint = assemble(Map.of("state", state, "epoch", 3L, "note", "x"), null).checkpoint();

        assertThat(checkpoint.batchStatistics()).isEqualTo(checkpoint.parameters());
        assertThat(checkpoint.epoch()).hasValue(3);
        assertThat(checkpoint.step()).hasValue(7);
        assertThat(checkpoint.metadata()).isEqualTo(Map.of("state", Map.of("opt_state", List.of()), "note", "x"));
    }

    @Test
    void theRestOfARecordStaysARecord() throws CheckpointException {
        Checkpoint checkpoint = assemble(Map.of("state", record(Map.of("params", TREE, "step", 1L, "tx", "sgd"))), null).checkpoint();
        assertThat(checkpoint.metadata()).isEqualTo(Map.of("state", record(Map.of("tx", "sgd"))));
    }

    @Test
    void severalPlacesAreListed() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("state", Map.of("params", TREE));
        root.put("ema_params", TREE);
        assertThatThrownBy(() -> assemble(root, null)).hasMessage("f: parameters in several places: 'state/params', 'ema_params': "
                + "expected one; choose with --params, such as --params ema_params");
        Map<String, Object> beside = new LinkedHashMap<>();
        beside.put("model", TREE);
        beside.put("head", TREE);
        assertThatThrownBy(() -> assemble(beside, null)).hasMessageContaining("'model', '.'");
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
        assertThat(assemble(List.of(TREE, List.of(1L)), "0").checkpoint().metadata()).containsEntry("1", List.of(1L));
    }

    @Test
    void aChosenPlaceMustExist() {
        assertThatThrownBy(() -> assemble(Map.of("params", TREE), "ema")).hasMessage(
                "f: no 'ema' in '.', only 'params': expected the place of the parameters, as --params gives it");
        assertThatThrownBy(() -> assemble(Map.of("params", TREE, "epoch", 1L), "epoch")).hasMessageContaining("epoch is Long 1");
    }

    private static InertObject record(Map<Object, Object> fields) {
        return new InertObject(InertObject.Form.RECORD, "train", "TrainState", List.of(), fields, List.of(), Map.of());
    }

    private static CheckpointAssembly.Assembled assemble(Object root, String place) throws CheckpointException {
        return CheckpointAssembly.of("f", FileTree.of("f", root), Optional.ofNullable(place));
    }
}
