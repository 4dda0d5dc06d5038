package io.portolan.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.portolan.checkpoints.golden.FormatSample;
import io.portolan.checkpoints.golden.GoldenCase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written here opens in Python with the same bits. Needs python3 with numpy; does not run without. */
class PythonTest {
    private static final String COMPARE = """
            import pickle, sys, numpy

            def flat(tree, prefix=''):
                if isinstance(tree, numpy.ndarray):
                    return {prefix: tree}
                return {k: v for name, sub in tree.items() for k, v in flat(sub, prefix + '/' + name if prefix else name).items()}

            def load(path):
                if path.endswith('.npz'):
                    with numpy.load(path, allow_pickle=False) as archive:
                        return {name: archive[name] for name in archive.files}
                with open(path, 'rb') as file:
                    tree = pickle.load(file)
                counts = {k: numpy.int64(tree[k]) for k in ('epoch', 'step') if k in tree}
                arrays = {k: tree[k] for k in ('params', 'batch_stats') if k in tree}
                return {**flat(arrays), **{k: numpy.asarray(v) for k, v in counts.items()}}

            original, written = load(sys.argv[1]), load(sys.argv[2])
            assert sorted(original) == sorted(written), (list(original), list(written))
            for name, array in original.items():
                other = written[name]
                assert array.dtype == other.dtype and array.shape == other.shape, (name, array.dtype, other.dtype)
                assert array.tobytes() == other.tobytes(), name
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void numpyIsInstalled() throws IOException, InterruptedException {
        boolean installed;
        try {
            installed = run("import numpy").isEmpty();
        } catch (IOException noPython) {
            installed = false;
        }
        assumeTrue(installed, "NOT RUN: python3 with numpy is not installed, so nothing was opened in Python");
    }

    @Test
    void theWrittenPickleOpensWithEqualBits() throws IOException, InterruptedException {
        compare(GoldenCase.named("transformer_batchnorm_32").checkpointFile(), "model.pkl");
        compare(FormatSample.file("numpy2_protocol4.pkl"), "model.pkl");
    }

    @Test
    void theWrittenArchiveOpensWithEqualBits() throws IOException, InterruptedException {
        compare(GoldenCase.named("transformer_batchnorm_32").checkpointFile(), "model.npz");
    }

    @Test
    void everyTypeOfNumpysOwnOpens() throws IOException, InterruptedException {
        Path original = folder.resolve("original.pkl");
        Checkpoint checkpoint = Checkpoints.read(FormatSample.file("numpy2_dtypes_protocol4.pkl"));
        Checkpoints.write(checkpoint, original, CheckpointFormat.PICKLE);
        compare(original, "model.npz");
        assertThat(run(
                        "import numpy, pickle, sys\nwith open(sys.argv[1], 'rb') as f:\n    t = pickle.load(f)['params']\ne = numpy.load(sys.argv[2])\n"
                                + "assert all((t[k] == e[k]).all() and t[k].dtype == e[k].dtype.newbyteorder('<') for k in e.files)",
                        original,
                        FormatSample.file("numpy2_dtypes_expected.npz")))
                .isEmpty();
    }

    @Test
    void metadataOpensAsPlainPython() throws IOException, InterruptedException {
        Path file = folder.resolve("model.pkl");
        Checkpoints.write(Checkpoints.read(FormatSample.file("values_protocol4.pkl")), file, CheckpointFormat.PICKLE);
        assertThat(run(
                        "import pickle, sys\nwith open(sys.argv[1], 'rb') as f:\n    m = pickle.load(f)['meta']\n"
                                + "assert m['big'] == 1 << 80 and m['min'] == -(1 << 63) and m['pi'] == 3.5 and m[3] == 'three' and m['list'] == [1, 300, 70000, -1]",
                        file))
                .isEmpty();
    }

    private void compare(Path original, String name) throws IOException, InterruptedException {
        Path written = folder.resolve(name);
        Checkpoints.write(
                Checkpoints.read(original),
                written,
                CheckpointFormat.ofFileName(name).orElseThrow());
        assertThat(run(COMPARE, original, written)).isEmpty();
    }

    /** What Python has to complain about; nothing if the script ran to its end. Warnings are complaints too. */
    private static String run(String script, Path... arguments) throws IOException, InterruptedException {
        Path source = Files.createTempFile("portolan", ".py");
        Path complaints = Files.createTempFile("portolan", ".txt");
        try {
            Files.writeString(source, script);
            ProcessBuilder python = new ProcessBuilder("python3", "-W", "error", source.toString());
            for (Path argument : arguments) {
                python.command().add(argument.toString());
            }
            Process process = python.redirectErrorStream(true)
                    .redirectOutput(complaints.toFile())
                    .start();
            boolean ended = process.waitFor(60, TimeUnit.SECONDS);
            process.destroyForcibly();
            String said = Files.readString(complaints, StandardCharsets.UTF_8);
            return ended && process.exitValue() == 0 ? said : "failed: " + said;
        } finally {
            Files.delete(source);
            Files.delete(complaints);
        }
    }
}
