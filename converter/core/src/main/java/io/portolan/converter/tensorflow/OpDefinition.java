package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Opset;
import io.portolan.converter.ir.Value;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * A TensorFlow op that Portolan converts: all there is to say of it, in one place. The importer goes by it, the tests run every
 * case of the op with every type named here, and the table of supported ops is written from it.
 *
 * @param name TensorFlow's name of the op
 * @param types the element types it is supported for
 * @param facts what else is to be known of it
 * @param handler what the op becomes
 */
public record OpDefinition(String name, ElementTypes types, Facts facts, OpHandler handler) {
    /**
     * What is to be known of an op beside its name and types; most of it is the same for most ops.
     *
     * @param typeAttribute the attribute that holds the element type; empty if the op has only one type
     * @param attributes the attributes that the handler reads; it cannot read others
     * @param since the oldest opset in which the result can be written
     * @param isSingle whether doubles are computed as floats, because ONNX Runtime has no kernel for them
     * @param limits which uses of the op are not converted; empty if all are
     */
    public record Facts(String typeAttribute, Set<String> attributes, int since, boolean isSingle, String limits) {
        private static final Facts USUAL = new Facts("T", Set.of(), Opset.OLDEST, false, "");
    }

    /** Begins the definition of an op whose element type is attribute {@code T}. */
    public static Draft op(String name, ElementTypes types) {
        return new Draft(name, types, Facts.USUAL);
    }

    /** A definition without its handler, with which it ends. */
    public record Draft(String name, ElementTypes types, Facts facts) {
        private Draft with(String typeAttribute, Set<String> attributes, int since, boolean isSingle, String limits) {
            return new Draft(name, types, new Facts(typeAttribute, attributes, since, isSingle, limits));
        }

        /** Names the attributes that the handler reads. */
        public Draft reads(String... names) {
            return with(facts.typeAttribute, Set.of(names), facts.since, facts.isSingle, facts.limits);
        }

        /** Names the attribute that holds the element type, where it is not {@code T}. */
        public Draft typedBy(String attribute) {
            return with(attribute, facts.attributes, facts.since, facts.isSingle, facts.limits);
        }

        /** For an op of one element type only. */
        public Draft untyped() {
            return typedBy("");
        }

        /** Says from which opset on the operators exist that the handler uses. */
        public Draft since(int opset) {
            return with(facts.typeAttribute, facts.attributes, opset, facts.isSingle, facts.limits);
        }

        /** Says that doubles are computed as floats. */
        public Draft inSinglePrecision() {
            return with(facts.typeAttribute, facts.attributes, facts.since, true, facts.limits);
        }

        /** Says to which uses the op is limited, in a few words for the table of supported ops. */
        public Draft limitedTo(String uses) {
            return with(facts.typeAttribute, facts.attributes, facts.since, facts.isSingle, uses);
        }

        /** An op of real tensors with one output. */
        public OpDefinition real(Function<NodeContext, Value> handler) {
            return as(OpHandler.real(handler));
        }

        /** An op with one output that works on the parts of complex tensors; see {@link OpHandler#partwise}. */
        public OpDefinition partwise(Function<NodeContext, Value> handler) {
            return as(OpHandler.partwise(node -> List.of(handler.apply(node))));
        }

        /** An op with one output of either kind. */
        public OpDefinition single(Function<NodeContext, TranslatedTensor> handler) {
            return as(OpHandler.single(handler));
        }

        /** An op with any outputs. */
        public OpDefinition as(OpHandler handler) {
            return new OpDefinition(name, types, facts, handler);
        }
    }
}
