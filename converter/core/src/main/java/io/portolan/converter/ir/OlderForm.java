package io.portolan.converter.ir;

/**
 * The form of an operator in older opsets, in which an input was an attribute.
 *
 * @param until the first opset in which it is an input
 * @param input the index of the input, which is the last one
 * @param attribute the attribute in older opsets
 */
public record OlderForm(int until, int input, AttributeSpec attribute) {
    /** The constant input as an attribute of the older form. */
    public Attribute asAttribute(Node node) {
        TensorData data = node.input(input).data().orElseThrow();
        return attribute.type() == Attribute.Ints.class
                ? new Attribute.Ints(data.longList())
                : new Attribute.Int(data.longAt(0));
    }
}
