package io.portolan.converter.verify;

import ai.onnx.proto.OnnxMl.ModelProto;
import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.OnnxGraph;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.runtime.ModelException;
import io.portolan.runtime.OnnxModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Compares the outputs of what a model was converted from, and of the model, on the same inputs. */
public final class GraphParity {
    /** Largest model file, in bytes, whose weights are perturbed to measure float32's resolution; of larger models, only inputs are. */
    private static final long LARGEST_PERTURBED = 256 << 20;

    private final Reference reference;
    private final Path onnx;
    private final List<Value> inputs;
    private final List<String> outputs;
    private final Set<String> bounded;
    private final SampleTexts texts;
    private final Map<String, Double> resolutions = new HashMap<>();

    /**
     * @param reference computes what the outputs should be
     * @param onnx the exported file
     * @param graph the graph that it was written from
     */
    public GraphParity(Reference reference, Path onnx, OnnxGraph graph) {
        this.reference = reference;
        this.onnx = onnx;
        this.inputs = List.copyOf(graph.inputs());
        this.outputs = List.copyOf(graph.outputs().keySet());
        this.bounded = BoundedOutputs.of(graph);
        this.texts = SampleTexts.of(graph);
        graph.outputs().forEach((name, value) -> resolutions.put(name, Resolution.of(graph, value)));
    }

    /**
     * Compares all outputs on the given samples, or if there are none, on random inputs that the reference accepts.
     *
     * @param seed of the random inputs
     * @param tolerance the largest difference that always passes, relative to the largest element of the output; that of types of 16 bits, if
     *     the output is computed in them, where it is larger
     * @return a row for each sample and output
     * @throws ConversionException if the reference or ONNX Runtime cannot run the model, or an output has another type or shape
     */
    public List<OutputParity> compare(List<InputSample> given, long seed, double tolerance) {
        Map<InputSample, List<TensorData>> expected = new LinkedHashMap<>();
        if (given.isEmpty()) {
            InputSample accepted = accepted(seed, expected);
            expected.keySet().removeIf(sample -> sample != accepted);
        } else {
            given.stream().map(this::fitted).forEach(sample -> expected.put(sample, reference.run(sample)));
        }
        List<OutputParity> rows = new ArrayList<>();
        try (OnnxModel model = OnnxModel.load(onnx, TensorRuns.RUNTIME);
                OnnxModel perturbed = perturbed()) {
            expected.forEach((sample, outputs) -> {
                InputSample changed = new InputSample(sample.name(), changed(sample.tensors()));
                List<TensorData> actual = TensorRuns.onnx(model, sample.tensors());
                List<TensorData> base = reference.isComputed() ? outputs : actual;
                List<TensorData> byInputs =
                        reference.isComputed() ? reference.run(changed) : TensorRuns.onnx(model, changed.tensors());
                List<TensorData> byWeights = perturbed == null ? actual : TensorRuns.onnx(perturbed, sample.tensors());
                int i = 0;
                for (String output : this.outputs) {
                    Noise noise = new Noise(
                            difference(base.get(i), byInputs.get(i)), difference(actual.get(i), byWeights.get(i)));
                    rows.add(compare(
                            sample.name(),
                            output,
                            outputs.get(i),
                            actual.get(i),
                            noise,
                            Math.max(tolerance, resolutions.get(output))));
                    i++;
                }
            });
        } catch (ModelException failure) {
            throw new ConversionException(
                    "ONNX Runtime cannot run what the model was converted to: " + failure.getMessage(), failure);
        }
        return rows;
    }

    /** The first random sample for which the reference computes finite elements; if there is none, the first that it accepts. */
    private InputSample accepted(long seed, Map<InputSample, List<TensorData>> outputs) {
        for (Value input : inputs) {
            if (!reference.takes(input.element())) {
                throw new ConversionException(
                        "input " + input + " cannot be given random numbers; give samples of your own, or"
                                + " convert without the comparison",
                        ConversionException.Remedy.GIVE_SAMPLES,
                        ConversionException.Remedy.SKIP_COMPARISON);
            }
        }
        Optional<InputSample> first = Optional.empty();
        ConversionException refusal = new ConversionException(
                "inputs of open size are too large to be tried with random numbers; give"
                        + " them shapes, or samples of your own",
                ConversionException.Remedy.GIVE_SHAPE,
                ConversionException.Remedy.GIVE_SAMPLES);
        for (InputSample sample : RandomInputs.candidates(inputs, texts, seed)) {
            try {
                List<TensorData> made = reference.run(sample);
                outputs.put(sample, made);
                if (made.stream().anyMatch(GraphParity::hasNumbers)) {
                    return sample;
                }
                first = first.or(() -> Optional.of(sample));
            } catch (ConversionException refused) {
                refusal = refused;
            }
        }
        ConversionException last = refusal;
        return first.orElseThrow(() -> last);
    }

    private static boolean hasNumbers(TensorData output) {
        return output.type() == OnnxType.STRING
                || Arrays.stream(output.doubles()).anyMatch(Double::isFinite);
    }

    /** Checks a user's sample against the inputs of the model. */
    private InputSample fitted(InputSample sample) {
        Set<String> names = inputs.stream().map(Value::name).collect(Collectors.toCollection(TreeSet::new));
        Set<String> given = new TreeSet<>(sample.tensors().keySet());
        outputs.stream().filter(output -> !names.contains(output)).forEach(given::remove);
        if (!names.equals(given)) {
            throw new ConversionException(
                    sample.name() + ": holds the arrays " + given + "; expected one for each input: " + names);
        }
        for (Value input : inputs) {
            TensorData tensor = sample.tensors().get(input.name());
            if (tensor.type() != input.element() || !fits(tensor.shape(), input)) {
                throw new ConversionException(
                        sample.name() + ": array '" + input.name() + "' is " + tensor + "; expected " + input.type());
            }
        }
        return sample;
    }

    private static boolean fits(long[] shape, Value input) {
        List<Dim> dims = input.shape().dims();
        return shape.length == dims.size()
                && IntStream.range(0, shape.length)
                        .allMatch(axis -> dims.get(axis).size().isEmpty()
                                || dims.get(axis).size().getAsLong() == shape[axis]);
    }

    private static Map<String, TensorData> changed(Map<String, TensorData> tensors) {
        Map<String, TensorData> changed = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> changed.put(name, LastBits.changed(tensor)));
        return changed;
    }

    /** The model with weights perturbed in their last bits; null if it is too large, or if its weights are in another file. */
    private OnnxModel perturbed() {
        try {
            if (Files.size(onnx) > LARGEST_PERTURBED) {
                return null;
            }
            ModelProto model = ModelProto.parseFrom(Files.readAllBytes(onnx));
            boolean whole = model.getGraph().getInitializerList().stream()
                    .noneMatch(weights -> weights.getExternalDataCount() > 0);
            return whole
                    ? OnnxModel.load(
                            "the model with perturbed weights",
                            LastBits.changed(model).toByteArray(),
                            TensorRuns.RUNTIME)
                    : null;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * The change of an output when last bits are perturbed.
     *
     * @param byInputs of the inputs, in the reference
     * @param byWeights of the weights, in ONNX Runtime
     */
    private record Noise(double byInputs, double byWeights) {}

    private OutputParity compare(
            String sample, String output, TensorData expected, TensorData actual, Noise noise, double tolerance) {
        if (!expected.toString().equals(actual.toString())) {
            throw new ConversionException("output " + output + " is " + actual + " in ONNX Runtime, but " + expected
                    + " in " + reference.name());
        }
        long[] shape = expected.shape();
        int columns = shape.length == 0 ? 1 : Math.max(1, (int) shape[shape.length - 1]);
        Difference difference = between(expected, actual, columns);
        boolean floating = expected.type().isFloating();
        // An integer that changes with a weight is a choice between equals; only a change by inputs excuses a
        // difference.
        double moves = floating ? Math.max(noise.byInputs(), noise.byWeights()) : noise.byInputs();
        double allowed =
                floating ? Allowance.of(tolerance, moves, difference.scale(), bounded.contains(output)) : moves;
        return new OutputParity(
                sample,
                output,
                expected.toString(),
                difference.largest(),
                difference.relative(),
                moves,
                difference.rows(),
                difference.sameArgmax(),
                allowed);
    }

    /** The difference of two tensors of one type and shape; that of two texts is 1. */
    private static Difference between(TensorData expected, TensorData actual, int columns) {
        if (expected.type() != OnnxType.STRING) {
            return Difference.between(expected.doubles(), actual.doubles(), columns);
        }
        List<String> wanted = expected.texts();
        List<String> had = actual.texts();
        double[] differs = new double[wanted.size()];
        Arrays.setAll(differs, i -> wanted.get(i).equals(had.get(i)) ? 0 : 1);
        return Difference.between(new double[differs.length], differs, columns);
    }

    private static double difference(TensorData one, TensorData other) {
        // Where the shape depends on the last bits, the elements cannot be compared.
        return one.toString().equals(other.toString()) ? between(one, other, 1).largest() : 0;
    }
}
