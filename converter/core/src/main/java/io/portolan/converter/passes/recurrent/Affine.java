package io.portolan.converter.passes.recurrent;

import io.portolan.converter.ir.Dim;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.Node;
import io.portolan.converter.ir.SliceRange;
import io.portolan.converter.ir.StandardOp;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.passes.Patterns;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A value (N,columns) as a sum of products of variables (N,rows) with constant matrices, and a constant vector.
 *
 * @param terms the matrix of each variable
 * @param bias the vector, summed in double precision
 */
record Affine(Map<Value, Matrix> terms, double[] bias) {
    /**
     * A matrix of weights, each of which is a float.
     *
     * @param elements row by row
     */
    record Matrix(int rows, int columns, double[] elements) {
        static Matrix zeros(int rows, int columns) {
            return new Matrix(rows, columns, new double[rows * columns]);
        }

        Matrix rows(int from, int count) {
            return new Matrix(count, columns, Arrays.copyOfRange(elements, from * columns, (from + count) * columns));
        }

        Matrix columns(int from, int count) {
            double[] taken = new double[rows * count];
            for (int row = 0; row < rows; row++) {
                System.arraycopy(elements, row * columns + from, taken, row * count, count);
            }
            return new Matrix(rows, count, taken);
        }
    }

    int columns() {
        return bias.length;
    }

    /** Whether no variable but these occurs. */
    boolean isOf(Value... variables) {
        return Set.of(variables).containsAll(terms.keySet());
    }

    /** The matrix of a variable with this number of elements; zeros if it does not occur. */
    Matrix of(Value variable, int rows) {
        return terms.getOrDefault(variable, Matrix.zeros(rows, columns()));
    }

    private Affine columns(int from, int count) {
        Map<Value, Matrix> taken = new IdentityHashMap<>();
        terms.forEach((variable, matrix) -> taken.put(variable, matrix.columns(from, count)));
        return new Affine(taken, Arrays.copyOfRange(bias, from, from + count));
    }

    /** The sum; empty if both have a term of one variable, whose weights would have to be rounded once more. */
    private static Optional<Affine> sum(Affine one, Affine other) {
        Map<Value, Matrix> terms = new IdentityHashMap<>(one.terms);
        terms.putAll(other.terms);
        if (terms.size() < one.terms.size() + other.terms.size() || one.columns() != other.columns()) {
            return Optional.empty();
        }
        double[] bias = one.bias.clone();
        Arrays.setAll(bias, i -> bias[i] + other.bias[i]);
        return Optional.of(new Affine(terms, bias));
    }

    /** Finds this form of values of one graph. */
    static final class Finder {
        private static final int AXES = 3;
        private static final int STEPS = 4;
        private static final SliceRange WHOLE = new SliceRange(0, SliceRange.TO_END, 1);

        private final GraphBuilder graph;
        private final Set<Value> variables;
        private final Map<Value, Optional<Affine>> found = new IdentityHashMap<>();

        /**
         * @param graph a builder of the graph that computes the values
         * @param variables what they may depend on
         */
        Finder(GraphBuilder graph, Value... variables) {
            this.graph = graph;
            this.variables = Set.of(variables);
        }

        /** The form of a value; empty if it is not affine in the variables. */
        Optional<Affine> of(Value value) {
            if (!found.containsKey(value)) {
                found.put(value, graph.graph().producer(value).flatMap(node -> of(node, value)));
            }
            return found.get(value);
        }

        private Optional<Affine> of(Node node, Value value) {
            if (value.rank() != 2 || !(node.op() instanceof StandardOp op)) {
                return Optional.empty();
            }
            return switch (op) {
                case MAT_MUL -> product(node.input(0), node.input(1));
                case ADD -> Patterns.eitherOrder(node, this::sum);
                case SPLIT -> part(node, value);
                case SLICE -> slice(node);
                default -> Optional.empty();
            };
        }

        private Optional<Affine> product(Value left, Value right) {
            if (!right.isConstant() || right.rank() != 2) {
                return Optional.empty();
            }
            TensorData data = right.data().orElseThrow();
            Matrix matrix = new Matrix((int) data.shape()[0], (int) data.shape()[1], data.doubles());
            if (variables.contains(left)) {
                return Optional.of(new Affine(Map.of(left, matrix), new double[matrix.columns()]));
            }
            return Patterns.node(StandardOp.CONCAT, left, graph)
                    .filter(join -> left.shape().axis(join.attributes().integer("axis")) == 1)
                    .flatMap(join -> product(join.inputs(), matrix));
        }

        /** The product of concatenated variables. */
        private Optional<Affine> product(List<Value> parts, Matrix matrix) {
            Map<Value, Matrix> terms = new IdentityHashMap<>();
            int row = 0;
            for (Value part : parts) {
                Dim width = part.shape().dim(part.rank() - 1);
                if (!variables.contains(part) || terms.containsKey(part) || !width.isKnown()) {
                    return Optional.empty();
                }
                terms.put(part, matrix.rows(row, (int) width.coefficient()));
                row += (int) width.coefficient();
            }
            return Optional.of(new Affine(terms, new double[matrix.columns()]));
        }

        private Optional<Affine> sum(Value one, Value other) {
            Optional<Affine> left = of(one);
            if (left.isEmpty()) {
                return Optional.empty();
            }
            return (other.isConstant() ? constant(other, left.get().columns()) : of(other))
                    .flatMap(right -> Affine.sum(left.get(), right));
        }

        /** A constant that broadcasts to every row. */
        private static Optional<Affine> constant(Value value, int columns) {
            double[] elements = value.data().orElseThrow().doubles();
            int width = value.rank() == 0 ? 1 : (int) value.shape().sizes()[value.rank() - 1];
            if (elements.length != width || width != 1 && width != columns) {
                return Optional.empty();
            }
            double[] bias = new double[columns];
            Arrays.setAll(bias, i -> elements[width == 1 ? 0 : i]);
            return Optional.of(new Affine(Map.of(), bias));
        }

        private Optional<Affine> part(Node split, Value value) {
            Value whole = split.input(0);
            boolean ofColumns = whole.shape().axis(split.attributes().integer("axis", 0)) == 1
                    && split.inputs().size() == 2
                    && split.input(1).isConstant();
            if (!ofColumns) {
                return Optional.empty();
            }
            long[] sizes = split.input(1).data().orElseThrow().longs();
            int index = split.outputs().indexOf(value);
            int from = (int) Arrays.stream(sizes, 0, index).sum();
            return of(whole).map(affine -> affine.columns(from, (int) sizes[index]));
        }

        private Optional<Affine> slice(Node node) {
            boolean isFixed = node.inputs().stream().skip(1).allMatch(Value::isConstant);
            if (!isFixed) {
                return Optional.empty();
            }
            Value whole = node.input(0);
            SliceRange columns = WHOLE;
            for (int i = 0; i < numbers(node, AXES).size(); i++) {
                SliceRange range = new SliceRange(
                        numbers(node, 1).get(i),
                        numbers(node, 2).get(i),
                        numbers(node, STEPS).get(i));
                if (whole.shape().axis(numbers(node, AXES).get(i)) == 1) {
                    columns = range;
                } else if (!range.length(whole.shape().dim(0))
                        .sameAs(whole.shape().dim(0))) {
                    return Optional.empty();
                }
            }
            SliceRange taken = columns;
            return of(whole).filter(affine -> taken.step() == 1).map(affine -> {
                int count = (int) taken.length(Dim.of(affine.columns())).coefficient();
                return affine.columns((int) taken.first(affine.columns()), count);
            });
        }

        private static List<Long> numbers(Node slice, int input) {
            return slice.input(input).data().orElseThrow().longList();
        }
    }
}
