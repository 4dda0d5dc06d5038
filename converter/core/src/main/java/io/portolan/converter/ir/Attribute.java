package io.portolan.converter.ir;

import java.util.List;

/** A compile-time argument of a node. */
public sealed interface Attribute {
    /** An integer. */
    record Int(long value) implements Attribute {}

    /** A list of integers. */
    record Ints(List<Long> values) implements Attribute {
        public Ints {
            values = List.copyOf(values);
        }
    }

    /** A real number. */
    record Real(float value) implements Attribute {}

    /** A list of real numbers. */
    record Reals(List<Float> values) implements Attribute {
        public Reals {
            values = List.copyOf(values);
        }
    }

    /** A graph that the node runs: a branch or the body of a loop. It may use values of the enclosing graphs. */
    record Subgraph(OnnxGraph graph) implements Attribute {}

    /** A string. */
    record Text(String value) implements Attribute {}

    /** A list of strings. */
    record Texts(List<String> values) implements Attribute {
        public Texts {
            values = List.copyOf(values);
        }
    }
}
