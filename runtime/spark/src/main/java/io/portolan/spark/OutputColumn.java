package io.portolan.spark;

import io.portolan.runtime.ElementType;
import io.portolan.runtime.Tensor;
import io.portolan.runtime.TensorSpec;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * The column of an output: of a rank above that of the batch, arrays nested as deep.
 *
 * @param name of the column
 * @param output of the model
 * @param rank without the batch
 */
record OutputColumn(String name, String output, ElementType type, int rank) implements Serializable {

    /** @throws IllegalArgumentException if the output cannot be a column */
    static OutputColumn of(String name, String output, TensorSpec spec) {
        String described = "output '" + output + "', " + spec;
        if (!spec.hasRank() || spec.shape().length == 0) {
            throw new IllegalArgumentException(described
                    + ": has no axis for the batch, so it has no value for each row; choose others with setOutputs");
        }
        Elements.of(spec.type(), "output '" + output + "'");
        return new OutputColumn(name, output, spec.type(), spec.shape().length - 1);
    }

    StructField field() {
        DataType column = Elements.of(type, output).column();
        for (int depth = 0; depth < rank; depth++) {
            column = DataTypes.createArrayType(column, false);
        }
        return DataTypes.createStructField(name, column, true);
    }

    /**
     * The value of each row.
     *
     * @throws RowException if the output does not have a value for each row
     */
    List<Object> values(Tensor tensor, int rows) {
        long[] shape = tensor.shape();
        if (shape.length != rank + 1 || shape[0] != rows) {
            throw new RowException("output '" + output + "' is " + tensor + " for a batch of " + rows
                    + " rows, not one value for each row");
        }
        ByteBuffer data = tensor.data();
        List<Object> values = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            values.add(nested(shape, 1, data));
        }
        return values;
    }

    private Object nested(long[] shape, int axis, ByteBuffer data) {
        if (axis == shape.length) {
            return Elements.of(type, output).read(data);
        }
        Object[] items = new Object[(int) shape[axis]];
        for (int i = 0; i < items.length; i++) {
            items[i] = nested(shape, axis + 1, data);
        }
        return items;
    }
}
