package io.portolan.converter.source.keras;

import io.portolan.converter.lowering.ConversionException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.Output;

/** Every kind of layer that is understood: one row each. */
final class LayerTable {
    /**
     * What all calls of a model share.
     *
     * @param tf the graph
     * @param isBeforeKeras3 whether a Keras before 3 has written the file
     * @param vocabularies the tokens that layers have learned, by their paths
     */
    record Context(GraphOps tf, boolean isBeforeKeras3, Map<String, List<String>> vocabularies) {
        Context in(GraphOps other) {
            return new Context(other, isBeforeKeras3, vocabularies);
        }

        /** The tokens that the layer of a path has learned. */
        Optional<List<String>> vocabulary(String path) {
            return Optional.ofNullable(vocabularies.get(path));
        }
    }

    /** Writes a layer to the graph and returns its result: a tensor, or lists and dictionaries of tensors. */
    @FunctionalInterface
    interface Writer {
        Object write(LayerCall call);
    }

    /** Writes a layer of one input and one output. */
    @FunctionalInterface
    interface PlainWriter {
        Output<?> write(LayerCall call, Output<?> x);
    }

    /**
     * A kind of layer.
     *
     * @param name the name of its class
     * @param passesMask whether a mask of its input is one of its output
     */
    record Row(String name, boolean passesMask, Writer writer) {}

    private static final Map<String, Row> ROWS = new HashMap<>();
    private static final String ADVICE = "write a SavedModel with model.export(\"saved_model\"), and convert that";

    static {
        Stream.of(
                        CoreLayers.ROWS,
                        ActivationLayers.ROWS,
                        ConvolutionLayers.ROWS,
                        PoolingLayers.ROWS,
                        NormalizationLayers.ROWS,
                        ReshapingLayers.ROWS,
                        MergingLayers.ROWS,
                        AttentionLayers.ROWS,
                        PreprocessingLayers.ROWS,
                        LookupLayers.ROWS,
                        OperationRows.ROWS,
                        FunctionLayers.ROWS,
                        RecurrentLayers.ROWS,
                        WrapperLayers.ROWS,
                        ModelLayers.ROWS)
                .flatMap(List::stream)
                .forEach(row -> ROWS.put(row.name(), row));
    }

    private LayerTable() {}

    /** A row of a layer of one input, whose mask, if it has one, is dropped. */
    static Row row(String name, PlainWriter writer) {
        return new Row(name, false, plain(writer));
    }

    /** A row of a layer of one input, whose mask is that of the output. */
    static Row masked(String name, PlainWriter writer) {
        return new Row(name, true, plain(writer));
    }

    private static Writer plain(PlainWriter writer) {
        return call -> KerasTensor.of(writer.write(call, call.x()));
    }

    /** The names of all kinds that are no operations. */
    static SortedSet<String> names() {
        return ROWS.keySet().stream()
                .filter(name -> !name.startsWith(SavedLayer.OPERATION))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a file that is not understood can be converted by. */
    static String advice() {
        return ADVICE;
    }

    /**
     * Writes a call of a layer.
     *
     * @throws ConversionException if the layer, an option or an argument is not understood
     */
    static Object write(String name, LayerCall call) {
        try {
            Row row = ROWS.get(call.kind());
            if (row == null) {
                throw new ConversionException("is not among the layers that are understood; " + ADVICE);
            }
            Object result = row.writer().write(call);
            call.finish();
            return result instanceof KerasTensor tensor
                            && row.passesMask()
                            && tensor.mask().isEmpty()
                    ? tensor.withMask(carried(call))
                    : result;
        } catch (ConversionException refused) {
            throw refused instanceof Placed ? refused : new Placed(name, call.kind(), refused);
        }
    }

    private static Optional<Output<?>> carried(LayerCall call) {
        return call.inputs().size() == 1 ? call.input().mask() : Optional.empty();
    }

    /** A refusal that names the layer. */
    private static final class Placed extends ConversionException {
        private static final long serialVersionUID = 1;

        Placed(String name, String kind, ConversionException refused) {
            super("Layer " + GraphOps.safe(name) + " (" + GraphOps.safe(kind) + ") " + refused.getMessage(), refused);
        }
    }
}
