package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The definition of a supported TensorFlow op, with all facts about it in one place. The importer uses it, the tests run every case of
 * the op with every type declared here, and the table of supported ops is generated from it.
 *
 * @param name TensorFlow's name of the op
 * @param types the supported element types
 * @param facts further facts
 * @param handler its translation
 */
public record OpDefinition(String name, ElementTypes types, Facts facts, OpHandler handler) {
    /**
     * Facts about an op besides its name and types; the defaults hold for most ops.
     *
     * @param typeAttribute the attribute that holds the element type; empty if the op has only one type
     * @param attributes the attributes that the handler reads; it cannot read others
     * @param since the oldest opset in which the result can be written
     * @param isSingle whether doubles are computed as floats, because ONNX Runtime has no double kernel
     * @param isWidened whether integers for which there are no kernels are computed in a wider type
     * @param limits the uses of the op that are not supported; empty if all are
     */
    public record Facts(
            String typeAttribute,
            Set<String> attributes,
            int since,
            boolean isSingle,
            boolean isWidened,
            String limits) {
        private static final Facts USUAL = new Facts("T", Set.of(), Opset.OLDEST, false, false, "");
    }

    /** Starts a builder for an op whose element type is attribute {@code T}. */
    public static Draft op(String name, ElementTypes types) {
        return new Draft(name, types, Facts.USUAL);
    }

    /** An immutable builder of a definition; the methods that take a handler build it. */
    public record Draft(String name, ElementTypes types, Facts facts) {
        private Draft with(String typeAttribute, Set<String> attributes, int since, boolean isSingle, String limits) {
            return new Draft(
                    name, types, new Facts(typeAttribute, attributes, since, isSingle, facts.isWidened, limits));
        }

        /** Declares the attributes that the handler reads. */
        public Draft reads(String... names) {
            return with(facts.typeAttribute, Set.of(names), facts.since, facts.isSingle, facts.limits);
        }

        /** Sets the attribute that holds the element type, if it is not {@code T}. */
        public Draft typedBy(String attribute) {
            return with(attribute, facts.attributes, facts.since, facts.isSingle, facts.limits);
        }

        /** Sets that the op has one fixed element type. */
        public Draft untyped() {
            return typedBy("");
        }

        /** Sets the first opset that has all operators which the handler uses. */
        public Draft since(int opset) {
            return with(facts.typeAttribute, facts.attributes, opset, facts.isSingle, facts.limits);
        }

        /** Sets that doubles are computed as floats. */
        public Draft inSinglePrecision() {
            return with(facts.typeAttribute, facts.attributes, facts.since, true, facts.limits);
        }

        /** Adds types of integers that are computed in a wider type; results of that type are wrapped around, as in theirs. */
        public Draft widening(ElementTypes integers) {
            return new Draft(
                    name,
                    types.and(integers),
                    new Facts(facts.typeAttribute, facts.attributes, facts.since, facts.isSingle, true, facts.limits));
        }

        /** Describes the unsupported uses, in a few words for the table of supported ops. */
        public Draft limitedTo(String uses) {
            return with(facts.typeAttribute, facts.attributes, facts.since, facts.isSingle, uses);
        }

        /** Builds the definition of an op on real tensors with one output. */
        public OpDefinition real(Function<NodeContext, Value> handler) {
            return as(OpHandler.real(handler));
        }

        /** Builds the definition of an op with one output that applies to the parts of complex tensors; see {@link OpHandler#partwise}. */
        public OpDefinition partwise(Function<NodeContext, Value> handler) {
            return as(OpHandler.partwise(node -> List.of(handler.apply(node))));
        }

        /** Builds the definition of an op with one output, real or complex. */
        public OpDefinition single(Function<NodeContext, TranslatedTensor> handler) {
            return as(OpHandler.single(handler));
        }

        /** Builds the definition of an op with any outputs. */
        public OpDefinition as(OpHandler handler) {
            return new OpDefinition(name, types, facts, facts.isWidened ? WideIntegers.handler(handler) : handler);
        }
    }
}
