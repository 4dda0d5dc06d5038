package io.portolan.converter.tensorflow;

import io.portolan.converter.ir.Value;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/** Which TensorFlow ops can be converted, and how: one table from op name to handler. Immutable. */
public final class HandlerRegistry {
    private final SortedMap<String, OpHandler> handlers;

    private HandlerRegistry(SortedMap<String, OpHandler> handlers) {
        this.handlers = handlers;
    }

    /** An empty table to fill. */
    public static Builder builder() {
        return new Builder();
    }

    /** The handler of an op. */
    public Optional<OpHandler> find(String op) {
        return Optional.ofNullable(handlers.get(op));
    }

    /** The names of the supported ops in alphabetical order. */
    public SortedSet<String> ops() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(handlers.keySet()));
    }

    /** Collects handlers; an op can be added once. */
    public static final class Builder {
        private final SortedMap<String, OpHandler> handlers = new TreeMap<>();

        private Builder() {}

        /** Adds one op. */
        public Builder add(String op, OpHandler handler) {
            if (handlers.putIfAbsent(op, handler) != null) {
                throw new IllegalArgumentException("There already is a handler for " + op);
            }
            return this;
        }

        /** Adds one op of real tensors with one output. */
        public Builder real(String op, Function<NodeContext, Value> handler) {
            return add(op, OpHandler.real(handler));
        }

        /** Adds one op with one output that works on the parts of complex tensors; see {@link OpHandler#partwise}. */
        public Builder partwise(String op, Function<NodeContext, Value> handler) {
            return add(op, OpHandler.partwise(node -> List.of(handler.apply(node))));
        }

        /** Adds what a family registers. */
        public Builder addAll(Consumer<Builder> family) {
            family.accept(this);
            return this;
        }

        /** The finished table. */
        public HandlerRegistry build() {
            return new HandlerRegistry(new TreeMap<>(handlers));
        }
    }
}
