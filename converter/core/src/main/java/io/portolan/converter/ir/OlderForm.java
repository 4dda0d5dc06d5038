package io.portolan.converter.ir;

/**
 * What ONNX changed in an operator: an input that used to be an attribute.
 *
 * @param until the opset from which on it is an input
 * @param input the index of the input, which is the last one
 * @param attribute what it was before
 */
public record OlderForm(int until, int input, AttributeSpec attribute) {
    /** The constant input as the attribute that it was. */
    public Attribute asAttribute(Node node) {
        TensorData data = node.input(input).data().orElseThrow();
        return attribute.type() == Attribute.Ints.class
                ? new Attribute.Ints(data.longList())
                : new Attribute.Int(data.longAt(0));
    }
}
