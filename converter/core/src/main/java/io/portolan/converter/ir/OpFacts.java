package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All that is known of one operator of ONNX: a row of {@link StandardOp}. What a row does not mention, the operator
 * has not: an attribute, a way to evaluate it before the graph runs, an older form. Rows are written once, while the
 * table is made.
 */
final class OpFacts {
    private final OpKind kind;
    private final String name;
    private final int since;
    private final Inference inference;
    private final List<AttributeSpec> attributes = new ArrayList<>();
    private final Map<OnnxType, Integer> newerTypes = new EnumMap<>(OnnxType.class);
    private int minInputs;
    private int maxInputs;
    private OlderForm olderForm;
    private KernelTypes kernels;
    private ConstantEvaluator.Evaluation evaluation;
    private SymbolicContents.Rule contents;

    private OpFacts(OpKind kind, String name, int since, int inputs, Inference inference) {
        this.kind = kind;
        this.name = name;
        this.since = since;
        this.minInputs = inputs;
        this.maxInputs = inputs;
        this.inference = inference;
    }

    static OpFacts elementwise(String name, int since, int inputs, Inference inference) {
        return new OpFacts(OpKind.ELEMENTWISE, name, since, inputs, inference);
    }

    static OpFacts moving(String name, int since, int inputs, Inference inference) {
        return new OpFacts(OpKind.MOVES_ELEMENTS, name, since, inputs, inference);
    }

    static OpFacts reducing(String name) {
        return new OpFacts(OpKind.REDUCES, name, 13, 2, ReductionInference::reduce)
                .with(AttributeSpec.integer("keepdims"));
    }

    static OpFacts other(String name, int since, int inputs, Inference inference) {
        return new OpFacts(OpKind.OTHER, name, since, inputs, inference);
    }

    /** It takes that many inputs or more. */
    OpFacts upTo(int inputs) {
        maxInputs = inputs;
        return this;
    }

    OpFacts orMore() {
        return upTo(Integer.MAX_VALUE);
    }

    /** It has these attributes. */
    OpFacts with(AttributeSpec... more) {
        attributes.addAll(List.of(more));
        return this;
    }

    /** Its first input may have these element types only from an opset on. */
    OpFacts typesSince(int opset, OnnxType... types) {
        for (OnnxType type : types) {
            newerTypes.put(type, opset);
        }
        return this;
    }

    /** Before an opset its last input was an attribute. */
    OpFacts attributeBefore(int opset, AttributeSpec attribute) {
        olderForm = new OlderForm(opset, maxInputs - 1, attribute);
        return this;
    }

    /** ONNX Runtime has kernels for these element types of its first inputs only. */
    OpFacts kernelsOnlyFor(int dataInputs, OnnxType... types) {
        kernels = new KernelTypes(dataInputs, Set.of(types));
        return this;
    }

    /** On constants it can be evaluated before the graph runs. */
    OpFacts evaluated(ConstantEvaluator.Evaluation how) {
        evaluation = how;
        return this;
    }

    /** The elements of its result are tracked as dimensions. */
    OpFacts tracked(SymbolicContents.Rule how) {
        contents = how;
        return this;
    }

    OpKind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    int since() {
        return since;
    }

    int minInputs() {
        return minInputs;
    }

    int maxInputs() {
        return maxInputs;
    }

    Inference inference() {
        return inference;
    }

    List<AttributeSpec> attributes() {
        return List.copyOf(attributes);
    }

    Map<OnnxType, Integer> newerTypes() {
        return Map.copyOf(newerTypes);
    }

    Optional<OlderForm> olderForm() {
        return Optional.ofNullable(olderForm);
    }

    Optional<KernelTypes> kernels() {
        return Optional.ofNullable(kernels);
    }

    Optional<ConstantEvaluator.Evaluation> evaluation() {
        return Optional.ofNullable(evaluation);
    }

    Optional<SymbolicContents.Rule> contents() {
        return Optional.ofNullable(contents);
    }
}
