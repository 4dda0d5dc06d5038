package io.portolan.converter.tensorflow;

import com.google.protobuf.ByteString;
import io.portolan.converter.ir.GraphBuilder;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import io.portolan.converter.lowering.TranslatedTensor.TableValue;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;

/** The context in which a handler translates a node: its translated inputs, its attributes, and a builder to append to. */
public final class NodeContext {
    private final NodeDef node;
    private final OpDefinition definition;
    private final List<TranslatedTensor> inputs;
    private final GraphBuilder builder;

    NodeContext(NodeDef node, OpDefinition definition, List<TranslatedTensor> inputs, GraphBuilder builder) {
        this.node = node;
        this.definition = definition;
        this.inputs = inputs;
        this.builder = builder;
    }

    /** The name of the TensorFlow node. */
    public String name() {
        return node.getName();
    }

    /** The TensorFlow node. */
    public NodeDef node() {
        return node;
    }

    /** A builder that appends to the graph under construction; names begin with that of this node. */
    public GraphBuilder builder() {
        return builder;
    }

    /** The number of the node's inputs. */
    public int inputCount() {
        return inputs.size();
    }

    /** An input, real or complex. */
    public TranslatedTensor imported(int index) {
        if (index >= inputs.size()) {
            throw new IllegalArgumentException("expected at least " + (index + 1) + " inputs, got " + inputs.size());
        }
        return inputs.get(index);
    }

    /** An input that must be a real tensor. */
    public Value input(int index) {
        if (imported(index) instanceof RealValue real) {
            return real.value();
        }
        throw new IllegalArgumentException("expected a real tensor as " + described(index) + ", got a complex one");
    }

    /** The real inputs from index {@code from} to {@code to}, excluded. */
    public List<Value> inputs(int from, int to) {
        return IntStream.range(from, to).mapToObj(this::input).toList();
    }

    /** An input that must be a complex tensor. */
    public ComplexValue complex(int index) {
        if (imported(index) instanceof ComplexValue complex) {
            return complex;
        }
        throw new IllegalArgumentException("expected a complex tensor as " + described(index) + ", got a real one");
    }

    /** An input that must be a lookup table. */
    public TableValue table(int index) {
        if (imported(index) instanceof TableValue table) {
            return table;
        }
        throw new IllegalArgumentException("expected a lookup table as " + described(index));
    }

    /** Whether any input is complex. */
    public boolean hasComplexInput() {
        return inputs.stream().anyMatch(ComplexValue.class::isInstance);
    }

    /** The context of the same node with the real parts of its complex inputs. */
    NodeContext realPart() {
        return onParts(ComplexValue::re);
    }

    /** The context of the same node with the imaginary parts of its complex inputs. */
    NodeContext imaginaryPart() {
        return onParts(ComplexValue::im);
    }

    /** The context of the same node with other real inputs. */
    NodeContext withReals(UnaryOperator<Value> change) {
        List<TranslatedTensor> changed = inputs.stream()
                .map(input -> input instanceof RealValue real ? new RealValue(change.apply(real.value())) : input)
                .toList();
        return new NodeContext(node, definition, changed, builder);
    }

    private NodeContext onParts(Function<ComplexValue, Value> part) {
        List<TranslatedTensor> parts = inputs.stream()
                .map(input -> input instanceof ComplexValue pair ? new RealValue(part.apply(pair)) : input)
                .toList();
        return new NodeContext(node, definition, parts, builder);
    }

    /** The elements of an input that must be known at conversion time. */
    public TensorData constant(int index) {
        return input(index)
                .data()
                .orElseThrow(() -> new IllegalArgumentException(
                        "expected a constant as " + described(index) + "; its value is only known at run time"));
    }

    /** The integers of an input that must be known at conversion time; a computed static shape is known too. */
    public List<Long> integers(int index) {
        return constant(index).longList();
    }

    /** An input that must be one integer known at conversion time. */
    public long integer(int index) {
        List<Long> numbers = integers(index);
        if (numbers.size() != 1) {
            throw new IllegalArgumentException("expected one number as " + described(index) + ", got " + numbers);
        }
        return numbers.get(0);
    }

    private String described(int index) {
        List<String> tensors = node.getInputList();
        return "input " + index + (index < tensors.size() ? " (" + tensors.get(index) + ")" : "");
    }

    /** Whether the node has an attribute; graphs may omit attributes with their default value. */
    public boolean hasAttribute(String attribute) {
        if (!definition.facts().attributes().contains(attribute)) {
            throw new IllegalStateException(
                    "the definition of " + definition.name() + " does not declare the attribute " + attribute);
        }
        return node.containsAttr(attribute);
    }

    /** An integer attribute. */
    public long integer(String attribute, long otherwise) {
        return hasAttribute(attribute) ? value(attribute).getI() : otherwise;
    }

    /** A list of integers; empty if the attribute is omitted. */
    public List<Long> integers(String attribute) {
        return hasAttribute(attribute) ? value(attribute).getList().getIList() : List.of();
    }

    /** A list of real numbers; empty if the attribute is omitted. */
    public List<Float> reals(String attribute) {
        return hasAttribute(attribute) ? value(attribute).getList().getFList() : List.of();
    }

    /** A list of strings; empty if the attribute is omitted. */
    public List<String> texts(String attribute) {
        return hasAttribute(attribute)
                ? value(attribute).getList().getSList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList()
                : List.of();
    }

    /** A boolean; false if the attribute is omitted, which is the default of all supported ops. */
    public boolean flag(String attribute) {
        return hasAttribute(attribute) && value(attribute).getB();
    }

    /** A real number. */
    public double real(String attribute, double otherwise) {
        return hasAttribute(attribute) ? value(attribute).getF() : otherwise;
    }

    /** A string attribute. */
    public String text(String attribute, String otherwise) {
        return hasAttribute(attribute) ? value(attribute).getS().toStringUtf8() : otherwise;
    }

    /** The ONNX type of an element type attribute; for complex types, that of the parts. */
    public OnnxType type(String attribute) {
        return TensorFlowTypes.element(value(attribute).getType());
    }

    /** Whether an element type is complex. */
    public boolean isComplexType(String attribute) {
        return TensorFlowTypes.isComplex(value(attribute).getType());
    }

    /** The table that a node creates; integers that are keys are in ascending order. */
    public TableValue table() {
        if (!node.containsAttr(TableNode.KEYS) || !node.containsAttr(TableNode.VALUES)) {
            throw new IllegalArgumentException("expected a table that is initialised with the model");
        }
        TensorData keys = TensorProtos.real(node.getAttrOrThrow(TableNode.KEYS).getTensor());
        TensorData values =
                TensorProtos.real(node.getAttrOrThrow(TableNode.VALUES).getTensor());
        if (keys.type() == OnnxType.STRING) {
            return new TableValue(
                    builder.constant(keys, name() + "/keys"), builder.constant(values, name() + "/values"));
        }
        int[] order = IntStream.range(0, keys.size())
                .boxed()
                .sorted(Comparator.comparingLong(keys::longAt))
                .mapToInt(Integer::intValue)
                .toArray();
        return new TableValue(
                builder.constant(keys.picked(order), name() + "/keys"),
                builder.constant(values.picked(order), name() + "/values"));
    }

    /** The constant that an attribute holds. */
    public TranslatedTensor tensor(String attribute) {
        var proto = value(attribute).getTensor();
        if (TensorFlowTypes.isComplex(proto.getDtype())) {
            return new ComplexValue(
                    builder.constant(TensorProtos.part(proto, 0), name() + "/re"),
                    builder.constant(TensorProtos.part(proto, 1), name() + "/im"));
        }
        return new RealValue(builder.constant(TensorProtos.real(proto), name()));
    }

    private AttrValue value(String attribute) {
        if (!hasAttribute(attribute)) {
            throw new IllegalArgumentException("expected an attribute " + attribute);
        }
        return node.getAttrOrThrow(attribute);
    }
}
