package io.portolan.converter.source.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portolan.converter.lowering.ConversionException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt64;

/** Numbers of a configuration keep their values in every type. */
class StoredNumbersTest {
    private static final long ODD = (1L << 53) + 1;

    @Test
    void integersAreExact() {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            var read = StoredNumbers.read(new GraphOps(graph), List.of(ODD, List.of(-ODD)), DataType.DT_INT64);
            try (Result result = session.runner().fetch(read).run()) {
                TInt64 values = (TInt64) result.get(0);
                assertThat(List.of(values.getLong(0), values.getLong(1))).containsExactly(ODD, -ODD);
            }
        }
    }

    @Test
    void doublesAreExact() {
        try (Graph graph = new Graph();
                Session session = new Session(graph)) {
            var read = StoredNumbers.read(new GraphOps(graph), 0.1, DataType.DT_DOUBLE);
            try (Result result = session.runner().fetch(read).run()) {
                assertThat(((TFloat64) result.get(0)).getDouble(0)).isEqualTo(0.1);
            }
        }
    }

    @Test
    void fractionsAreNoIntegers() {
        try (Graph graph = new Graph()) {
            GraphOps tf = new GraphOps(graph);
            assertThatThrownBy(() -> StoredNumbers.read(tf, List.of(1L, 0.5), DataType.DT_INT32))
                    .isInstanceOf(ConversionException.class)
                    .hasMessageContaining("0.5 among integers");
        }
    }
}
