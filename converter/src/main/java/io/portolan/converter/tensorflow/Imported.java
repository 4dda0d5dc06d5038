package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Value;

/** What an output of a TensorFlow node has become. ONNX has no complex arithmetic, so a complex tensor is a pair. */
public sealed interface Imported {
    /** A tensor of real numbers, integers or truth values. */
    record RealValue(Value value) implements Imported {}

    /** A tensor of complex numbers: two values of the same type and shape. */
    record ComplexValue(Value re, Value im) implements Imported {}
}
