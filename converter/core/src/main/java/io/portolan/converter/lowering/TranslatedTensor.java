package io.portolan.converter.lowering;

import io.portolan.converter.ir.Value;
import java.util.List;

/**
 * The translation of an output of a TensorFlow node. ONNX has no complex arithmetic, so a complex tensor is a pair of values. A list
 * of tensors is one tensor with a leading axis over its elements. The handle of a lookup table is what the table holds.
 */
public sealed interface TranslatedTensor {
    /** The values that it consists of. */
    List<Value> parts();

    /** A tensor of the same kind with other values. */
    TranslatedTensor of(List<Value> parts);

    /** A tensor of real numbers, integers or booleans. */
    record RealValue(Value value) implements TranslatedTensor {
        @Override
        public List<Value> parts() {
            return List.of(value);
        }

        @Override
        public TranslatedTensor of(List<Value> parts) {
            return new RealValue(parts.get(0));
        }
    }

    /** A tensor of complex numbers: two values of the same type and shape. */
    record ComplexValue(Value re, Value im) implements TranslatedTensor {
        @Override
        public List<Value> parts() {
            return List.of(re, im);
        }

        @Override
        public TranslatedTensor of(List<Value> parts) {
            return new ComplexValue(parts.get(0), parts.get(1));
        }
    }

    /** A lookup table: a vector of keys, of which integers are in ascending order, and the value of each. */
    record TableValue(Value keys, Value values) implements TranslatedTensor {
        @Override
        public List<Value> parts() {
            return List.of(keys, values);
        }

        @Override
        public TranslatedTensor of(List<Value> parts) {
            return new TableValue(parts.get(0), parts.get(1));
        }
    }
}
