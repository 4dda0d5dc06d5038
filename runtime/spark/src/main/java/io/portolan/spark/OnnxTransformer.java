package io.portolan.spark;

import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.Tensor;
import io.portolan.runtime.TensorSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Runs any ONNX model whose first axis is the batch. Each row gives one element along that axis to every input, and gets a column for
 * every output.
 *
 * <p>A column may hold numbers, booleans, texts, nested arrays of them, vectors of Spark ML, or the little-endian bytes of the elements. An
 * output of shape (batch) becomes a column of numbers, one of more axes nested arrays.
 *
 * <pre>{@code
 * Dataset<Row> scored = new OnnxTransformer()
 *         .setModel("hdfs:///models/model.onnx")
 *         .setInputs("x").setInputCols("features")
 *         .setOutputs("probabilities").setOutputCols("scores")
 *         .transform(rows);
 * }</pre>
 */
public final class OnnxTransformer extends ModelTransformer<OnnxTransformer> {
    private static final long serialVersionUID = 1L;

    private final StringArrayParam inputs;
    private final StringArrayParam inputCols;
    private final StringArrayParam outputs;
    private final StringArrayParam outputCols;

    public OnnxTransformer() {
        this(Identifiable$.MODULE$.randomUID("onnx"));
    }

    /** For Spark, which restores transformers by their identifier. */
    public OnnxTransformer(String uid) {
        super(uid);
        this.inputs =
                new StringArrayParam(this, "inputs", "inputs of the model; default: all that have no default value");
        this.inputCols = new StringArrayParam(this, "inputCols", "column of each input; default: named like the input");
        this.outputs = new StringArrayParam(this, "outputs", "outputs of the model; default: all");
        this.outputCols =
                new StringArrayParam(this, "outputCols", "column of each output; default: named like the output");
    }

    /** Restores what {@link #write} saved. */
    public static MLReader<OnnxTransformer> read() {
        return new DefaultParamsReader<>();
    }

    /** Restores what {@link #save} saved. */
    public static OnnxTransformer load(String path) {
        return read().load(path);
    }

    /** The parameter of {@link #setInputs}. */
    public StringArrayParam inputs() {
        return inputs;
    }

    /** The parameter of {@link #setInputCols}. */
    public StringArrayParam inputCols() {
        return inputCols;
    }

    /** The parameter of {@link #setOutputs}. */
    public StringArrayParam outputs() {
        return outputs;
    }

    /** The parameter of {@link #setOutputCols}. */
    public StringArrayParam outputCols() {
        return outputCols;
    }

    /** The inputs that rows give; others must have a default value (default: all without one). */
    public OnnxTransformer setInputs(String... names) {
        return with(inputs, names);
    }

    /** The column of each input (default: named like it). */
    public OnnxTransformer setInputCols(String... columns) {
        return with(inputCols, columns);
    }

    /** The outputs that become columns (default: all). */
    public OnnxTransformer setOutputs(String... names) {
        return with(outputs, names);
    }

    /** The column of each output (default: named like it). */
    public OnnxTransformer setOutputCols(String... columns) {
        return with(outputCols, columns);
    }

    @Override
    Work work(OnnxModel opened, StructType schema) {
        List<String> fed = chosen(inputs, List.copyOf(opened.inputs().keySet()));
        List<String> columns = paired(inputCols, fed, "inputs");
        List<Feed> feeds = new ArrayList<>();
        for (int i = 0; i < fed.size(); i++) {
            TensorSpec spec = opened.inputs().containsKey(fed.get(i))
                    ? opened.inputs().get(fed.get(i))
                    : opened.optionalInputs().get(fed.get(i));
            if (spec == null) {
                throw new IllegalArgumentException("the model has no input '" + fed.get(i) + "'; it has "
                        + opened.inputs().keySet() + " and, with default values, "
                        + opened.optionalInputs().keySet());
            }
            feeds.add(new Feed(fed.get(i), column(schema, columns.get(i))));
        }
        List<String> fetched = chosen(outputs, List.copyOf(opened.outputs().keySet()));
        List<String> names = paired(outputCols, fetched, "outputs");
        List<OutputColumn> added = new ArrayList<>();
        for (int i = 0; i < fetched.size(); i++) {
            TensorSpec spec = opened.outputs().get(fetched.get(i));
            if (spec == null) {
                throw new IllegalArgumentException("the model has no output '" + fetched.get(i) + "'; it has "
                        + opened.outputs().keySet());
            }
            added.add(OutputColumn.of(names.get(i), fetched.get(i), spec));
        }
        return new TensorWork(feeds, added);
    }

    private List<String> chosen(StringArrayParam param, List<String> standard) {
        return isSet(param) ? List.of(getOrDefault(param)) : standard;
    }

    private List<String> paired(StringArrayParam param, List<String> names, String others) {
        List<String> columns = chosen(param, names);
        if (columns.size() != names.size()) {
            throw new IllegalArgumentException(param.name() + ": expected as many names as " + others + ", "
                    + names.size() + " (" + String.join(", ", names) + "), got " + columns.size());
        }
        return columns;
    }

    /** An input, and the index of its column. */
    private record Feed(String input, int column) implements java.io.Serializable {}

    /** Rows to tensors and back. */
    private record TensorWork(List<Feed> feeds, List<OutputColumn> columns) implements Work {
        @Override
        public List<StructField> fields() {
            return columns.stream().map(OutputColumn::field).toList();
        }

        @Override
        public RowBatches.Step<?> step(OnnxModel model) {
            return new TensorStep(feeds, columns, model);
        }
    }

    private record TensorStep(List<Feed> feeds, List<OutputColumn> columns, OnnxModel model)
            implements RowBatches.Step<List<RowTensor>> {
        @Override
        public List<RowTensor> prepare(Row row) {
            return feeds.stream()
                    .map(feed -> RowTensor.of(row.get(feed.column()), spec(feed), feed.input()))
                    .toList();
        }

        private TensorSpec spec(Feed feed) {
            TensorSpec required = model.inputs().get(feed.input());
            return required == null ? model.optionalInputs().get(feed.input()) : required;
        }

        @Override
        public boolean fit(List<RowTensor> one, List<RowTensor> other) {
            for (int i = 0; i < one.size(); i++) {
                if (!one.get(i).hasShapeOf(other.get(i))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public List<Object[]> run(List<List<RowTensor>> rows) {
            List<List<RowTensor>> batch = filledUp(rows);
            Map<String, Tensor> fed = new LinkedHashMap<>();
            for (int i = 0; i < feeds.size(); i++) {
                int input = i;
                fed.put(
                        feeds.get(i).input(),
                        RowTensor.stacked(
                                spec(feeds.get(i)).type(),
                                batch.stream().map(row -> row.get(input)).toList()));
            }
            Map<String, Tensor> answers = model.run(fed);
            List<Object[]> values = new ArrayList<>();
            rows.forEach(row -> values.add(new Object[columns.size()]));
            for (int i = 0; i < columns.size(); i++) {
                List<Object> column =
                        columns.get(i).values(answers.get(columns.get(i).output()), batch.size());
                for (int row = 0; row < values.size(); row++) {
                    values.get(row)[i] = column.get(row);
                }
            }
            return values;
        }

        /** A model of a fixed batch is given its last row again for those that lack. */
        private List<List<RowTensor>> filledUp(List<List<RowTensor>> rows) {
            TensorSpec first = spec(feeds.get(0));
            long fixed = first.hasRank() ? first.shape()[0] : -1;
            if (fixed < 0) {
                return rows;
            }
            if (rows.size() > fixed) {
                throw new RowException("the model takes batches of " + fixed + " rows; set batchSize to that");
            }
            List<List<RowTensor>> batch = new ArrayList<>(rows);
            while (batch.size() < fixed) {
                batch.add(rows.get(rows.size() - 1));
            }
            return batch;
        }

        @Override
        public int width() {
            return columns.size();
        }

        @Override
        public String name(Row row) {
            return "row "
                    + row.toString().substring(0, Math.min(80, row.toString().length()));
        }
    }
}
