package io.portolan.converter.stablehlo;

import io.portolan.converter.ir.Value;
import io.portolan.converter.lowering.TranslatedTensor.ComplexValue;
import io.portolan.converter.lowering.TranslatedTensor.RealValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * The lowering of one operation, with all facts about it: the importer uses it, and the table of supported operations is generated from
 * it.
 *
 * @param name full name, such as {@code stablehlo.add}
 * @param onnx the ONNX operators that it becomes, in a few words for the table
 * @param limits the uses of it that are not supported; empty if all are
 * @param rounds whether its results are rounded, so that those of type bf16 must be
 * @param handler its translation
 */
public record OpLowering(String name, String onnx, String limits, boolean rounds, Handler handler) {
    /** Appends the translation of an operation. */
    @FunctionalInterface
    public interface Handler {
        /**
         * Returns one entry for each result.
         *
         * @throws IllegalArgumentException with what was expected; the importer adds the name of the operation
         */
        List<LoweredTensor> lower(OpContext in);
    }

    /** Starts the row of an operation whose results are rounded. */
    public static Draft op(String name, String onnx) {
        return new Draft(name, onnx, "", true);
    }

    /** Starts the row of an operation whose results are elements of its operands, or exact. */
    public static Draft exact(String name, String onnx) {
        return new Draft(name, onnx, "", false);
    }

    /** An immutable builder of a row; the methods that take a handler build it. */
    public record Draft(String name, String onnx, String limits, boolean rounds) {
        /** Describes the uses that are not supported, in a few words. */
        public Draft except(String uses) {
            return new Draft(name, onnx, uses, rounds);
        }

        /** Builds the row of an operation with any results. */
        public OpLowering as(Handler handler) {
            return new OpLowering(name, onnx, limits, rounds, handler);
        }

        /** Builds the row of an operation with one result. */
        public OpLowering single(Function<OpContext, LoweredTensor> handler) {
            return as(in -> List.of(handler.apply(in)));
        }

        /** Builds the row of an operation on real tensors with one real result in full size. */
        public OpLowering real(Function<OpContext, Value> handler) {
            return single(in -> in.result(handler.apply(in)));
        }

        /**
         * Builds the row of an operation that does the same to real and imaginary parts, such as one that only moves elements.
         *
         * @param handler the operation on operand 0, a real tensor in full size
         */
        public OpLowering partwise(PartHandler handler) {
            return single(in -> {
                List<Value> parts = new ArrayList<>();
                for (Value part : in.operand(0).full(in.b()).parts()) {
                    parts.add(handler.apply(in, part));
                }
                return in.result(
                        parts.size() == 1 ? new RealValue(parts.get(0)) : new ComplexValue(parts.get(0), parts.get(1)));
            });
        }
    }

    /** An operation on one part of operand 0. */
    @FunctionalInterface
    public interface PartHandler {
        Value apply(OpContext in, Value part);
    }
}
