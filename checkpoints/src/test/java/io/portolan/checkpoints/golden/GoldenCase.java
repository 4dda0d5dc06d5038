package io.portolan.checkpoints.golden;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.checkpoints.Checkpoints;
import io.portolan.checkpoints.numpy.NpzArchive;
import io.portolan.checkpoints.values.ArrayData;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

/**
 * A model of the reference with what the reference computed for it: a checkpoint, its configuration and named tensors.
 * The files are resources of the test jar; where a real file is needed, one inside a jar is copied out first.
 */
public final class GoldenCase {
    private static final List<String> SMALL = List.of(
            "transformer_32",
            "transformer_odd_28",
            "transformer_rect_24x40",
            "transformer_batchnorm_32",
            "transformer_temporal_t1_36",
            "hgru_bi_32",
            "hgru_bi_depth2_28",
            "hgru_bi_video_t16_32",
            "gated_32",
            "gated_video_28");
    private static final List<String> FULL = List.of("transformer_full_224", "hgru_bi_full_224");
    private static final List<String> FAMILY = Stream.of(
                    "body_norm_instance_training_args",
                    "d577b00_g_transformer",
                    "d577b00_gated",
                    "d577b00_hgru_bi_depth2",
                    "d577b00_mg_transformer",
                    "d577b00_mult_transformer",
                    "d577b00_spectral_transformer",
                    "fdc9b22_cssm_kqv_is_hgru_bi",
                    "formula_add_delta_channel_depth2",
                    "formula_add_kqv_1_channel_learned_init",
                    "formula_add_kqv_2_factored_learned_init",
                    "formula_add_kqv_channel",
                    "formula_add_kqv_conv",
                    "formula_add_kqv_dense_decay",
                    "formula_add_kqv_dense_io",
                    "formula_add_kqv_learned_init",
                    "formula_add_kqv_low_rank",
                    "formula_add_kqv_scalar",
                    "formula_add_kqv_spectral_conv",
                    "formula_asymmetric_ka_layernorm",
                    "formula_body_batch_depth2_all",
                    "formula_conv_ssm_video",
                    "formula_convs5_depth2",
                    "formula_convs5_video",
                    "formula_deltanet_channel_learned_init",
                    "formula_deltanet_d2",
                    "formula_deltanet_d3_channel",
                    "formula_deltanet_factored",
                    "formula_depth2_mlp_spatial_only",
                    "formula_g_transformer_position_independent",
                    "formula_g_transformer_shared_additive",
                    "formula_gated_1x1_t1",
                    "formula_gated_video_without_convs",
                    "formula_gdn_bare_scalar_unclamped",
                    "formula_gdn_full_conv_cross_layer",
                    "formula_gdn_int_elem",
                    "formula_gdn_int_factored_depth2",
                    "formula_gdn_seq_per_frame",
                    "formula_gdn_seq_without_short_conv",
                    "formula_gdn_video_depth2",
                    "formula_global_instance_all_depth2",
                    "formula_global_layer_all_depth2",
                    "formula_instance_body_depth2_all",
                    "formula_learnable_stem1",
                    "formula_mamba2_seq_per_frame",
                    "formula_mamba2_seq_without_short_conv",
                    "formula_mg_transformer_shared_additive",
                    "formula_mult_transformer_depth2",
                    "formula_no_feedback_no_clip_readout_a",
                    "formula_no_fft",
                    "formula_no_fft_factored",
                    "formula_no_fft_without_short_conv",
                    "formula_no_gate_depth2_video",
                    "formula_no_k_state_video",
                    "formula_pathtracker_video_mrope",
                    "formula_registers_all_max_separate",
                    "formula_s4nd",
                    "formula_s4nd_unidirectional",
                    "formula_separate_interpolated",
                    "formula_spatial_attn_video",
                    "formula_spatiotemporal_attn_video",
                    "formula_spectral_transformer_depth2",
                    "formula_stem1_pre_batch_gelu",
                    "formula_stem3_sinusoidal_post",
                    "formula_temporal_layer_depth2",
                    "head_add_delta",
                    "head_add_kqv",
                    "head_add_kqv_1",
                    "head_add_kqv_factored_separate",
                    "head_conv_ssm",
                    "head_convs5",
                    "head_deltanet",
                    "head_gated",
                    "head_gated_factored",
                    "head_gdn",
                    "head_gdn_d3",
                    "head_gdn_int",
                    "head_gdn_int_qk",
                    "head_gdn_readme",
                    "head_gdn_seq",
                    "head_kqv_alias",
                    "head_mamba2_seq",
                    "head_mrope",
                    "head_no_gate",
                    "head_norm_global_layer_equals_layer",
                    "head_norm_temporal_layer_all",
                    "head_pathtracker_stem",
                    "head_position_independent_gates",
                    "head_register_tokens",
                    "head_s4nd_full",
                    "head_separate",
                    "head_spatial_attn",
                    "head_spatiotemporal_attn",
                    "head_transformer_asymmetric",
                    "head_transformer_depth2",
                    "head_transformer_gate_type_without_effect",
                    "head_transformer_readout_qk",
                    "head_transformer_stem_mode_conv",
                    "head_transformer_use_layernorm",
                    "stem_norm_instance_config",
                    "stem_norm_instance_training_args")
            .map("family/"::concat)
            .toList();
    private static final List<String> BASELINES = Stream.of(
                    "hgru_batch_20", "hgru_eta_16", "hgru_relu_18", "vit_32", "vit_video_24")
            .map("baselines/"::concat)
            .toList();
    private static final String TRAINED = "pathfinder_64";

    private final String name;
    private Map<String, ArrayData> tensors;
    private Path checkpointFile;

    private GoldenCase(String name) {
        this.name = name;
    }

    /** The cases that run in a moment, of every architecture and option. */
    public static List<GoldenCase> small() {
        return SMALL.stream().map(GoldenCase::new).toList();
    }

    /** The two models of the published size, 224 pixels. */
    public static List<GoldenCase> full() {
        return FULL.stream().map(GoldenCase::new).toList();
    }

    /** Models of several revisions of the reference, with all options of theirs in their configuration. */
    public static List<GoldenCase> family() {
        return FAMILY.stream().map(GoldenCase::new).toList();
    }

    /** Models of other architectures, with their training mode. */
    public static List<GoldenCase> baselines() {
        return BASELINES.stream().map(GoldenCase::new).toList();
    }

    /** The case of this name, among all of them. */
    public static GoldenCase named(String name) {
        return Stream.of(SMALL, FULL, FAMILY, BASELINES, List.of(TRAINED))
                .flatMap(List::stream)
                .filter(name::equals)
                .map(GoldenCase::new)
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no golden case " + name));
    }

    /** Whether a second implementation of the formulas in float64 made it, and not the reference. */
    public boolean isFormula() {
        return name.startsWith("family/formula_");
    }

    public String name() {
        return name;
    }

    public Checkpoint checkpoint() {
        try {
            return Checkpoints.read(checkpointFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The checkpoint as a file of the file system. */
    public synchronized Path checkpointFile() {
        if (checkpointFile == null) {
            checkpointFile = file("checkpoint.pkl");
        }
        return checkpointFile;
    }

    public String configJson() {
        try (InputStream in = open("config.json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything the reference computed: {@code tensors.npz}, or {@code validation.npz} of the trained model. */
    public synchronized Map<String, ArrayData> tensors() {
        if (tensors == null) {
            String resource = name.equals(TRAINED) ? "validation.npz" : "tensors.npz";
            try (InputStream in = open(resource)) {
                tensors = NpzArchive.read(in, path(resource));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return tensors;
    }

    public ArrayData tensor(String key) {
        ArrayData tensor = tensors().get(key);
        if (tensor == null) {
            throw new NoSuchElementException("golden case " + name + " has no tensor " + key);
        }
        return tensor;
    }

    @Override
    public String toString() {
        return name;
    }

    /** One of the case's files, as a file of the file system. */
    public Path file(String resource) {
        try {
            URL url = GoldenCase.class.getResource(path(resource));
            if (url != null && url.getProtocol().equals("file")) {
                return Path.of(URI.create(url.toString()));
            }
            try (InputStream in = open(resource)) {
                Path copy = Files.createTempFile("portolan-" + name.replace('/', '-') + "-", "-" + resource);
                copy.toFile().deleteOnExit();
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return copy;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream open(String resource) throws IOException {
        InputStream in = GoldenCase.class.getResourceAsStream(path(resource));
        if (in == null) {
            throw new FileNotFoundException("resource " + path(resource));
        }
        return in;
    }

    private String path(String resource) {
        return "/golden/" + name + "/" + resource;
    }
}
