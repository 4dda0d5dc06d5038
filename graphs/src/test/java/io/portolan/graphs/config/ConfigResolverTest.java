package io.portolan.graphs.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.ParameterTree;
import io.portolan.checkpoints.golden.GoldenCase;
import io.portolan.checkpoints.values.ArrayData;
import io.portolan.graphs.golden.GoldenModel;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;

class ConfigResolverTest {
    private static final GoldenCase SQUARE = GoldenCase.named("transformer_32");
    private static final GoldenCase RECTANGULAR = GoldenCase.named("transformer_rect_24x40");
    private static final Map<String, String> NOT_IN_THE_ARRAYS = Map.of(
            "pos_embed", "temporal", "act_type", "gelu", "pool_type", "max", "frame_readout", "all", "seq_len", "5");

    @Test
    void arraysAndWordsTogetherMakeAConfiguration() {
        SimpleCssmConfig config =
                (SimpleCssmConfig) ConfigResolver.resolve(SQUARE.checkpoint(), NOT_IN_THE_ARRAYS, Optional.empty());
        assertThat(config)
                .isEqualTo(new SimpleCssmConfig(
                        CellType.TRANSFORMER,
                        16,
                        1,
                        11,
                        2,
                        NormType.LAYER,
                        PositionMode.TEMPORAL,
                        ActivationType.GELU,
                        Pooling.MAX,
                        FrameReadout.ALL,
                        5,
                        InputForm.IMAGE,
                        32,
                        32,
                        Options.DEFAULTS));
    }

    @Test
    void aDescriptionLeavesDefaultsToTheReference() {
        SimpleCssmConfig config = (SimpleCssmConfig)
                ConfigResolver.resolve(SQUARE.checkpoint(), Map.of(), Optional.of(Map.of("seq_len", 3)));
        assertThat(config)
                .isEqualTo(new SimpleCssmConfig(
                        CellType.TRANSFORMER,
                        16,
                        1,
                        11,
                        2,
                        NormType.LAYER,
                        PositionMode.SPATIOTEMPORAL,
                        ActivationType.SOFTPLUS,
                        Pooling.MEAN,
                        FrameReadout.LAST,
                        3,
                        InputForm.IMAGE,
                        32,
                        32,
                        Options.DEFAULTS));
    }

    @Test
    void whatTheUserSaysOverridesTheDescription() {
        SimpleCssmConfig config = (SimpleCssmConfig) ConfigResolver.resolve(
                SQUARE.checkpoint(), Map.of("pool_type", "max"), Optional.of(Map.of("pool_type", "mean")));
        assertThat(config.pooling()).isEqualTo(Pooling.MAX);
    }

    @Test
    void aConfigurationReadsBackFromItsOwnDescription() {
        Checkpoint checkpoint = RECTANGULAR.checkpoint();
        ModelConfig config = GoldenModel.config(RECTANGULAR);
        assertThat(ConfigResolver.resolve(checkpoint, Map.of(), Optional.of(config.toMap())))
                .isEqualTo(config);
    }

    @Test
    void trainingArgumentsInTheCheckpointDescribeIt() {
        Checkpoint bare = SQUARE.checkpoint();
        Map<String, Object> arguments =
                Map.of("cssm", "kqv", "seq_len", 4L, "pool_type", "max", "image_size", 31L, "lr", 3e-4);
        Checkpoint checkpoint = withMetadata(bare, Map.of("training_args", arguments));
        SimpleCssmConfig config = (SimpleCssmConfig) ConfigResolver.resolve(checkpoint, Map.of(), Optional.empty());
        assertThat(config.frames()).isEqualTo(4);
        assertThat(config.pooling()).isEqualTo(Pooling.MAX);
        assertThat(config.imageHeight()).isEqualTo(31);
    }

    @Test
    void nothingIsGuessedAndTheErrorSaysWhatIsMissingWhatIsKnownAndWhatToType() {
        assertConfigError(SQUARE.checkpoint(), Map.of())
                .contains("pos_embed, act_type, pool_type, frame_readout, seq_len")
                .contains(
                        "cssm_type=transformer, embed_dim=16, depth=1, kernel_size=11, num_classes=2, norm_type=layer");
        assertThatExceptionOfType(MissingFieldsException.class)
                .isThrownBy(() -> ConfigResolver.resolve(SQUARE.checkpoint(), Map.of(), Optional.empty()))
                .satisfies(refused -> assertThat(refused.missing()).containsEntry("act_type", Optional.of("softplus")));
    }

    @Test
    void aMapThatIsNotSquareNeedsItsSize() {
        assertConfigError(RECTANGULAR.checkpoint(), NOT_IN_THE_ARRAYS)
                .contains("image_size")
                .contains("36");
    }

    @Test
    void aSizeThatDoesNotFitTheGatesIsRefused() {
        assertConfigError(SQUARE.checkpoint(), with("image_size", "64x64"))
                .contains("144")
                .contains("40")
                .contains("32x32");
    }

    @Test
    void contradictionsAreRefused() {
        assertConfigError(SQUARE.checkpoint(), with("embed_dim", "32"))
                .contains("embed_dim")
                .contains("'32'")
                .contains("'16'");
        assertConfigError(SQUARE.checkpoint(), with("norm_type", "batch")).contains("norm_type");
        assertConfigError(SQUARE.checkpoint(), with("pos_embed", "learnable")).contains("no array 'pos_embed'");
    }

    @Test
    void unknownFieldsAndValuesAreRefusedWithWhatThereIs() {
        assertConfigError(SQUARE.checkpoint(), with("pooling", "max"))
                .contains("'pooling'")
                .contains("pool_type");
        assertConfigError(SQUARE.checkpoint(), with("act_type", "swish")).contains("softplus, gelu, relu");
        assertConfigError(SQUARE.checkpoint(), with("seq_len", "0")).contains("positive");
        assertConfigError(SQUARE.checkpoint(), with("image_size", "32x")).contains("HEIGHTxWIDTH");
        assertConfigError(SQUARE.checkpoint(), with("image_size", "99999x99999"))
                .contains("8192");
    }

    @Test
    void anOptionThatTheArraysContradictIsRefused() {
        assertConfigError(Map.of("stem_mode", "pathtracker"))
                .contains("stem_mode is given as 'pathtracker'")
                .contains("arrays show default");
        assertConfigError(Map.of("n_register_tokens", 4))
                .contains("n_register_tokens")
                .contains("arrays show 0");
        assertConfigError(Map.of("use_layernorm", true)).contains("use_layernorm");
        assertConfigError(Map.of("transformer_readout", "qk"))
                .contains("transformer_readout")
                .contains("qka");
    }

    @Test
    void anOptionWithoutTraceIsTakenFromTheDescription() {
        assertThat(resolveWith(Map.of("readout_norm", "post", "no_spectral_clip", true))
                        .toMap())
                .containsEntry("readout_norm", "post")
                .containsEntry("no_spectral_clip", "true");
        assertConfigError(Map.of("readout_norm", "late"))
                .contains("readout_norm 'late'")
                .contains("pre, post");
    }

    @Test
    void anOptionOfAnotherCellIsRefusedWhereTheUserGivesIt() {
        assertConfigError(SQUARE.checkpoint(), with("delta_key_dim", "3"))
                .contains("delta_key_dim is no option of the cell 'transformer'");
    }

    @Test
    void anOptionThatNothingIsKnownOfIsRefusedUnlessItIsUnset() {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> resolveWith(Map.of("lateral_inhibition", 0.5)))
                .withMessageContaining("unknown options")
                .withMessageContaining("lateral_inhibition=0.5");
        Map<String, Object> unset = new HashMap<>();
        unset.put("lateral_inhibition", null);
        unset.put("skip_norm", "");
        assertThat(resolveWith(unset).channels()).isEqualTo(16);
    }

    @Test
    void anOptionOfAnotherArchitectureIsRefused() {
        assertConfigError(Map.of("channels", 64)).contains("unknown options").contains("channels=64");
        GoldenCase hgru = GoldenCase.named("baselines/hgru_eta_16");
        Map<String, Object> description = new HashMap<>(GoldenModel.description(hgru));
        description.put("embed_dim", 64);
        assertConfigError(hgru.checkpoint(), Map.of(), Optional.of(description))
                .contains("'hgru' has no embed_dim")
                .contains("channels");
    }

    @Test
    void theDecayOfRunningStatisticsIsForTrainingAndNeedNotBeSaid() {
        GoldenCase hgru = GoldenCase.named("baselines/hgru_batch_20");
        Map<String, Object> description = new HashMap<>(GoldenModel.description(hgru));
        assertThat(ConfigResolver.resolve(hgru.checkpoint(), Map.of(), Optional.of(description))
                        .toMap())
                .containsEntry("bn_decay", 0.999);
        description.put("bn_decay", 0.98);
        assertThat(ConfigResolver.resolve(hgru.checkpoint(), Map.of(), Optional.of(description))
                        .toMap())
                .containsEntry("bn_decay", 0.98);
        description.put("bn_decay", 1);
        assertConfigError(hgru.checkpoint(), Map.of(), Optional.of(description))
                .contains("bn_decay '1' is not a number between 0 and 1");
    }

    @Test
    void anOptionOfAnotherCellChangesNothing() {
        assertThat(resolveWith(Map.of("gate_type", "factored", "learned_init", true, "delta_key_dim", 3)))
                .isEqualTo(resolveWith(Map.of()));
    }

    @Test
    void onlyBatchNormHasRunningStatistics() {
        assertConfigError(Map.of("stem_norm", "batch"))
                .contains("stem_norm is given as 'batch'")
                .contains("no running");
        assertConfigError(Map.of("norm_type", "batch")).contains("norm_type is given as 'batch'");
        assertConfigError(Map.of("body_norm", "none"))
                .contains("body_norm 'none'")
                .contains("layer, batch, instance");
    }

    @Test
    void stemAndBodyMayHaveNormsOfTheirOwn() {
        SimpleCssmConfig config = resolveWith(Map.of("norm_type", "global_instance", "stem_norm", "instance"));
        assertThat(config.stemNorm()).isEqualTo(NormType.INSTANCE);
        assertThat(config.bodyNorm()).isEqualTo(NormType.GLOBAL_INSTANCE);
    }

    @Test
    void aConfigurationFileDoesNotSilenceTheCheckpointsOwnArguments() {
        Checkpoint checkpoint = withMetadata(
                SQUARE.checkpoint(), Map.of("training_args", Map.of("stem_norm", "instance", "seq_len", 4L)));
        assertThat(((SimpleCssmConfig)
                                ConfigResolver.resolve(checkpoint, Map.of(), Optional.of(Map.of("pool_type", "max"))))
                        .stemNorm())
                .isEqualTo(NormType.INSTANCE);
        SimpleCssmConfig config = (SimpleCssmConfig) ConfigResolver.resolve(
                checkpoint, Map.of(), Optional.of(Map.of("pool_type", "max", "stem_norm", "layer")));
        assertThat(config.stemNorm()).isEqualTo(NormType.LAYER);
        assertThat(config.frames()).isEqualTo(4);
        assertThat(config.pooling()).isEqualTo(Pooling.MAX);
    }

    @Test
    void anAmbiguousNameOfACellYieldsToTheArraysAndIsRemarkedOn() {
        ResolvedConfig named =
                ConfigResolver.resolved(SQUARE.checkpoint(), Map.of(), Optional.of(Map.of("cssm_type", "kqv")));
        assertThat(((SimpleCssmConfig) named.model()).cell()).isEqualTo(CellType.TRANSFORMER);
        assertThat(named.remarks()).singleElement().asString().contains("'kqv'").contains("'transformer'");
        assertConfigError(Map.of("cssm_type", "hgru_bi")).contains("'hgru_bi'").contains("'transformer'");
    }

    private static SimpleCssmConfig resolveWith(Map<String, Object> description) {
        return (SimpleCssmConfig) ConfigResolver.resolve(SQUARE.checkpoint(), Map.of(), Optional.of(description));
    }

    private static AbstractStringAssert<?> assertConfigError(Map<String, Object> description) {
        return assertConfigError(SQUARE.checkpoint(), Map.of(), Optional.of(description));
    }

    @Test
    void aTreeThatIsNoSimpleCssmIsRefused() {
        assertConfigError(without(SQUARE.checkpoint(), "cssm_0/"), NOT_IN_THE_ARRAYS)
                .contains("not a SimpleCSSM");
        assertConfigError(without(SQUARE.checkpoint(), "cssm_0/input_proj"), NOT_IN_THE_ARRAYS)
                .contains("no supported cell");
        assertConfigError(without(SQUARE.checkpoint(), "conv1/bias"), NOT_IN_THE_ARRAYS)
                .contains("'conv1/bias'");
    }

    @Test
    void oddChannelsAreRefused() {
        Map<String, ArrayData> arrays =
                new LinkedHashMap<>(SQUARE.checkpoint().parameters().arrays());
        arrays.put("conv1/bias", ArrayData.ofFloats(new long[] {5}, new float[5]));
        assertConfigError(withParameters(arrays), NOT_IN_THE_ARRAYS)
                .contains("embed_dim 5")
                .contains("even");
    }

    private static AbstractStringAssert<?> assertConfigError(Checkpoint checkpoint, Map<String, String> said) {
        return assertConfigError(checkpoint, said, Optional.empty());
    }

    private static AbstractStringAssert<?> assertConfigError(
            Checkpoint checkpoint, Map<String, String> said, Optional<Map<String, Object>> description) {
        try {
            ConfigResolver.resolve(checkpoint, said, description);
        } catch (ConfigException refused) {
            return assertThat(refused.getMessage()).doesNotContain("\n");
        }
        throw new AssertionError("accepted");
    }

    private static Map<String, String> with(String field, String value) {
        Map<String, String> said = new HashMap<>(NOT_IN_THE_ARRAYS);
        said.put(field, value);
        return said;
    }

    private static Checkpoint without(Checkpoint checkpoint, String prefix) {
        Map<String, ArrayData> arrays =
                new LinkedHashMap<>(checkpoint.parameters().arrays());
        arrays.keySet().removeIf(path -> path.startsWith(prefix));
        return withParameters(arrays);
    }

    private static Checkpoint withParameters(Map<String, ArrayData> arrays) {
        return new Checkpoint(
                ParameterTree.of(arrays), ParameterTree.empty(), OptionalLong.empty(), OptionalLong.empty(), Map.of());
    }

    private static Checkpoint withMetadata(Checkpoint bare, Map<String, Object> metadata) {
        return new Checkpoint(bare.parameters(), bare.batchStatistics(), bare.epoch(), bare.step(), metadata);
    }
}
