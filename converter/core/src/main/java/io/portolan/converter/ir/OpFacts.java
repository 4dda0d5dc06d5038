package io.portolan.converter.ir;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The facts about one ONNX operator: a row of {@link StandardOp}. Facts that a row does not mention do not apply to the operator: an
 * attribute, an evaluation on constants, an older form. Rows are mutable only while the table is built.
 */
final class OpFacts {
    private final OpKind kind;
    private final String domain;
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

    private OpFacts(OpKind kind, String domain, String name, int since, int inputs, Inference inference) {
        this.kind = kind;
        this.domain = domain;
        this.name = name;
        this.since = since;
        this.minInputs = inputs;
        this.maxInputs = inputs;
        this.inference = inference;
    }

    static OpFacts elementwise(String name, int since, int inputs, Inference inference) {
        return new OpFacts(OpKind.ELEMENTWISE, Opset.DEFAULT_DOMAIN, name, since, inputs, inference);
    }

    static OpFacts moving(String name, int since, int inputs, Inference inference) {
        return new OpFacts(OpKind.MOVES_ELEMENTS, Opset.DEFAULT_DOMAIN, name, since, inputs, inference);
    }

    static OpFacts reducing(String name) {
        return new OpFacts(OpKind.REDUCES, Opset.DEFAULT_DOMAIN, name, 13, 2, ReductionInference::reduce)
                .with(AttributeSpec.integer("keepdims"));
    }

    static OpFacts other(String name, int since, int inputs, Inference inference) {
        return ofDomain(Opset.DEFAULT_DOMAIN, name, since, inputs, inference);
    }

    /** An operator of another domain than the default one, in whose opsets {@code since} counts. */
    static OpFacts ofDomain(String domain, String name, int since, int inputs, Inference inference) {
        return new OpFacts(OpKind.OTHER, domain, name, since, inputs, inference);
    }

    /** Lets the operator take more inputs than that. */
    OpFacts upTo(int inputs) {
        maxInputs = inputs;
        return this;
    }

    OpFacts orMore() {
        return upTo(Integer.MAX_VALUE);
    }

    /** Adds attributes. */
    OpFacts with(AttributeSpec... more) {
        attributes.addAll(List.of(more));
        return this;
    }

    /** Restricts element types of the first input to an opset and newer ones. */
    OpFacts typesSince(int opset, OnnxType... types) {
        for (OnnxType type : types) {
            newerTypes.put(type, opset);
        }
        return this;
    }

    /** Adds the form before an opset, in which the last input was an attribute. */
    OpFacts attributeBefore(int opset, AttributeSpec attribute) {
        olderForm = new OlderForm(opset, maxInputs - 1, attribute);
        return this;
    }

    /** Restricts the element types of the first inputs to those for which ONNX Runtime has kernels. */
    OpFacts kernelsOnlyFor(int dataInputs, OnnxType... types) {
        kernels = new KernelTypes(dataInputs, Set.of(types));
        return this;
    }

    /** Adds the evaluation on constants. */
    OpFacts evaluated(ConstantEvaluator.Evaluation how) {
        evaluation = how;
        return this;
    }

    /** Adds the rule by which the elements of the result are tracked as dimensions. */
    OpFacts tracked(SymbolicContents.Rule how) {
        contents = how;
        return this;
    }

    OpKind kind() {
        return kind;
    }

    String domain() {
        return domain;
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
