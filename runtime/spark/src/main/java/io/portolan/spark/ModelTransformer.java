package io.portolan.spark;

import io.portolan.runtime.Device;
import io.portolan.runtime.OnnxModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What transformers with a model have in common: the file, the size of batches, the device, and what becomes of rows with errors.
 *
 * @param <T> the transformer, for chained calls
 */
public abstract class ModelTransformer<T extends ModelTransformer<T>> extends Transformer
        implements DefaultParamsWritable {
    private static final long serialVersionUID = 1L;
    private static final int DEFAULT_BATCH = 32;

    private final String uid;
    private final Param<String> model;
    private final IntParam batchSize;
    private final Param<String> errorCol;
    private final Param<String> device;

    /** What was broadcast last, for which context. */
    private transient SparkContext context;

    private transient BroadcastModel sent;

    ModelTransformer(String uid) {
        this.uid = uid;
        this.model = new Param<>(uid, "model", "path or URI of the ONNX file, in any file system that Spark reads");
        this.batchSize = new IntParam(uid, "batchSize", "the most rows in one run of the model");
        this.errorCol = new Param<>(
                uid,
                "errorCol",
                "column for the message of a row that cannot be used; without it, such a row fails the job");
        this.device = new Param<>(uid, "device", "cpu or cuda");
        setDefault(batchSize, DEFAULT_BATCH);
        setDefault(device, "cpu");
    }

    @Override
    public final String uid() {
        return uid;
    }

    /** The parameter of {@link #setModel}. */
    public final Param<String> model() {
        return model;
    }

    /** The parameter of {@link #setBatchSize}. */
    public final IntParam batchSize() {
        return batchSize;
    }

    /** The parameter of {@link #setErrorCol}. */
    public final Param<String> errorCol() {
        return errorCol;
    }

    /** The parameter of {@link #setDevice}. */
    public final Param<String> device() {
        return device;
    }

    /** The ONNX file: a path or URI of any file system that Spark reads. The driver reads it, and broadcasts it once. */
    public final T setModel(String location) {
        sent = null;
        return with(model, location);
    }

    /** The most rows in one run of the model (default: 32). Rows are gathered within a partition only. */
    public final T setBatchSize(int rows) {
        return with(batchSize, rows);
    }

    /**
     * The column for the message of a row that cannot be used; it is null for the others, and the columns of the model are null for this row. Without
     * it, such a row fails the job.
     */
    public final T setErrorCol(String column) {
        return with(errorCol, column);
    }

    /** The device to run on, {@code cpu} or {@code cuda} (default: cpu); the latter needs {@code onnxruntime_gpu} on the executors. */
    public final T setDevice(String name) {
        return with(device, name);
    }

    @SuppressWarnings("unchecked")
    final <V> T with(Param<V> param, V value) {
        set(param, value);
        return (T) this;
    }

    /** What the executors do with rows. It is sent to them. */
    interface Work extends java.io.Serializable {
        /** The fields that it adds. */
        List<StructField> fields();

        /** The work within a task. */
        RowBatches.Step<?> step(OnnxModel model);
    }

    /**
     * What to do with rows of a schema.
     *
     * @throws IllegalArgumentException if the model cannot take them
     */
    abstract Work work(OnnxModel model, StructType schema);

    @Override
    public final StructType transformSchema(StructType schema) {
        return extended(schema, planned(schema).fields());
    }

    private Work planned(StructType schema) {
        return inspected(opened -> work(opened, schema));
    }

    /** Looks at the model on the driver, which may have no GPU and keeps its session for the next look. */
    private <V> V inspected(Function<OnnxModel, V> use) {
        try (ExecutorModels.Lease lease = ExecutorModels.ofProcess().lease(sent().onProcessor())) {
            return use.apply(lease.model());
        }
    }

    @Override
    public final Dataset<Row> transform(Dataset<?> dataset) {
        Dataset<Row> rows = dataset.toDF();
        Work work = planned(rows.schema());
        StructType schema = extended(rows.schema(), work.fields());
        return rows.mapPartitions(new Task(sent(), work, getInt(batchSize), isSet(errorCol)), Encoders.row(schema));
    }

    private int getInt(IntParam param) {
        int value = (Integer) getOrDefault(param);
        if (value < 1) {
            throw new IllegalArgumentException(param.name() + ": expected at least 1, got " + value);
        }
        return value;
    }

    /** What runs in each task. */
    private record Task(BroadcastModel file, Work work, int batch, boolean keepsErrors)
            implements MapPartitionsFunction<Row, Row> {
        @Override
        public java.util.Iterator<Row> call(java.util.Iterator<Row> rows) {
            ExecutorModels.Lease lease = ExecutorModels.ofProcess().lease(file);
            return batches(rows, work.step(lease.model()));
        }

        private <S> RowBatches<S> batches(java.util.Iterator<Row> rows, RowBatches.Step<S> step) {
            return new RowBatches<>(rows, step, batch, keepsErrors);
        }
    }

    private StructType extended(StructType schema, List<StructField> added) {
        List<StructField> fields = new ArrayList<>(List.of(schema.fields()));
        Stream<StructField> error = isSet(errorCol)
                ? Stream.of(DataTypes.createStructField(getOrDefault(errorCol), DataTypes.StringType, true))
                : Stream.empty();
        Stream.concat(added.stream(), error).forEach(field -> {
            if (fields.stream().anyMatch(present -> present.name().equals(field.name()))) {
                throw new IllegalArgumentException("column '" + field.name() + "' exists already; choose another name");
            }
            fields.add(field);
        });
        return DataTypes.createStructType(fields);
    }

    private synchronized BroadcastModel sent() {
        if (!isSet(model)) {
            throw new IllegalArgumentException("no model; call setModel with the path of an ONNX file");
        }
        SparkContext current = SparkSession.active().sparkContext();
        if (sent == null || context != current || sent.device() != chosenDevice()) {
            context = current;
            sent = BroadcastModel.of(current, getOrDefault(model), chosenDevice());
        }
        return sent;
    }

    private Device chosenDevice() {
        String name = getOrDefault(device);
        return Arrays.stream(Device.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("device: expected cpu or cuda, got '" + name + "'"));
    }

    /** The index of a column. */
    static int column(StructType schema, String name) {
        if (!Arrays.asList(schema.fieldNames()).contains(name)) {
            throw new IllegalArgumentException(
                    "no column '" + name + "'; the columns are " + String.join(", ", schema.fieldNames()));
        }
        return schema.fieldIndex(name);
    }

    @Override
    @SuppressWarnings("unchecked")
    public final T copy(ParamMap extra) {
        return (T) defaultCopy(extra);
    }
}
