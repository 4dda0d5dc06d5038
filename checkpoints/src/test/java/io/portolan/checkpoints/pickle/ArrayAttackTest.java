package io.portolan.checkpoints.pickle;

import static io.portolan.checkpoints.pickle.PickleBytes.protocol;

import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Arrays and dtypes that are not what they claim to be. */
class ArrayAttackTest {

    @ParameterizedTest
    @MethodSource
    void anImpossibleArrayIsRefused(RefusedPickle pickle) {
        pickle.check();
    }

    static Stream<RefusedPickle> anImpossibleArrayIsRefused() {
        return Stream.of(
                state(
                        "too few bytes",
                        p -> p.shape(2).dtype("f4", "<").op(Opcode.NEWFALSE).data(1, 2, 3, 4),
                        "takes 8 bytes, not 4"),
                state(
                        "too many bytes",
                        p -> p.shape(1).dtype("f4", "<").op(Opcode.NEWFALSE).data(1, 2, 3, 4, 5),
                        "takes 4 bytes, not 5"),
                state(
                        "too few bytes, Fortran",
                        p -> p.shape(2, 3).dtype("f4", ">").op(Opcode.NEWTRUE).data(1),
                        "takes 24 bytes, not 1"),
                state(
                        "an overflowing shape",
                        p -> p.shape(1 << 30, 1 << 30, 1 << 30)
                                .dtype("f8", "<")
                                .op(Opcode.NEWFALSE)
                                .data(),
                        "is too large"),
                state(
                        "an overflowing shape with a 0",
                        p -> p.shape(1 << 30, 1 << 30, 1 << 30, 0)
                                .dtype("f8", "<")
                                .op(Opcode.NEWFALSE)
                                .data(),
                        "is too large"),
                state(
                        "a negative dimension",
                        p -> p.shape(-1, -4)
                                .dtype("f4", "<")
                                .op(Opcode.NEWFALSE)
                                .data(1, 2, 3, 4),
                        "a dimension of -1"),
                state(
                        "a dimension beyond 64 bits",
                        p -> p.op(Opcode.LONG1)
                                .raw(9, 0, 0, 0, 0, 0, 0, 0, 0, 1)
                                .op(Opcode.TUPLE1)
                                .dtype("f4", "<")
                                .op(Opcode.NEWFALSE)
                                .data(),
                        "an integer is in the wrong place"),
                state(
                        "a dimension that is text",
                        p -> p.text("4")
                                .op(Opcode.TUPLE1)
                                .dtype("f4", "<")
                                .op(Opcode.NEWFALSE)
                                .data(),
                        "text is in the"),
                state(
                        "a dimension that is a truth value",
                        p -> p.op(Opcode.NEWTRUE, Opcode.TUPLE1)
                                .dtype("f4", "<")
                                .op(Opcode.NEWFALSE)
                                .data(1, 2, 3, 4),
                        "a truth value is in the"),
                state(
                        "a shape that is a list",
                        p -> p.op(Opcode.EMPTY_LIST)
                                .dtype("f4", "<")
                                .op(Opcode.NEWFALSE)
                                .data(),
                        "a list is in the"),
                state(
                        "65 axes",
                        p -> p.shape(new int[65])
                                .dtype("f4", "<")
                                .op(Opcode.NEWFALSE)
                                .data(),
                        "a tuple of 65 values"),
                state(
                        "a Fortran flag that is a number",
                        p -> p.shape(1).dtype("f4", "<").integer(1).data(1, 2, 3, 4),
                        "an integer is in the"),
                state(
                        "data as text",
                        p -> p.shape(4).dtype("i1", "|").op(Opcode.NEWFALSE).text("abcd"),
                        "text is in the wrong place"),
                state(
                        "data as a list",
                        p -> p.shape(0).dtype("i1", "|").op(Opcode.NEWFALSE, Opcode.EMPTY_LIST),
                        "a list is in the wrong place"),
                state(
                        "data that is None",
                        p -> p.shape(0).dtype("i1", "|").op(Opcode.NEWFALSE, Opcode.NONE),
                        "None is in the wrong place"),
                state(
                        "a dtype by name",
                        p -> p.shape(0).text("f4").op(Opcode.NEWFALSE).data(),
                        "text is in the wrong place"),
                state(
                        "a dtype without byte order",
                        p -> p.shape(1)
                                .dtypeWithoutOrder("f4")
                                .op(Opcode.NEWFALSE)
                                .data(1, 2, 3, 4),
                        "a dtype without byte order is used"),
                state(
                        "a state of four fields",
                        p -> p.shape(0).dtype("f4", "<").op(Opcode.NEWFALSE),
                        "a tuple of 4 values"),
                new RefusedPickle(
                        "version 2 of the state",
                        protocol(4)
                                .unfilledArray()
                                .op(Opcode.MARK)
                                .integer(2)
                                .shape(0)
                                .dtype("f4", "<")
                                .op(Opcode.NEWFALSE)
                                .data()
                                .op(Opcode.TUPLE, Opcode.BUILD)
                                .stop(),
                        "version 2 of an array's state",
                        "BUILD"),
                new RefusedPickle(
                        "an array that is never filled",
                        protocol(4).unfilledArray().stop(),
                        "an array was never filled",
                        "STOP"),
                new RefusedPickle(
                        "an array that is filled twice",
                        protocol(4)
                                .array(ArrayAttackTest::emptyArray)
                                .op(Opcode.NONE, Opcode.BUILD)
                                .stop(),
                        "filled already",
                        "BUILD"),
                new RefusedPickle(
                        "a state that is a dictionary",
                        protocol(4)
                                .unfilledArray()
                                .op(Opcode.EMPTY_DICT, Opcode.BUILD)
                                .stop(),
                        "a dictionary is in the wrong place",
                        "BUILD"),
                new RefusedPickle(
                        "a scalar of two elements",
                        protocol(4)
                                .global("numpy.core.multiarray", "scalar")
                                .dtype("i2", "<")
                                .data(1, 2, 3, 4)
                                .op(Opcode.TUPLE2, Opcode.REDUCE)
                                .stop(),
                        "takes 2 bytes, not 4",
                        "REDUCE"),
                buffer("an unknown order", p -> p.shape(1).text("Z"), "array order 'Z'"),
                buffer("order K without axes", p -> p.shape(1).text("K"), "array order 'K'"),
                buffer(
                        "axes that are no permutation",
                        p -> p.shape(1, 1).text("K").shape(0, 0),
                        "axis order [0, 0]"),
                buffer(
                        "an axis that is out of range",
                        p -> p.shape(1, 1).text("K").shape(0, Integer.MAX_VALUE),
                        "axis order [0, 64]"),
                buffer("more axes than dimensions", p -> p.shape(1).text("K").shape(0, 1), "for 1 axes"),
                buffer("a shape that does not fit", p -> p.shape(3).text("F"), "takes 12 bytes, not 4"));
    }

    @ParameterizedTest
    @MethodSource
    void aDtypeThatIsNoPlainNumberIsRefused(RefusedPickle pickle) {
        pickle.check();
    }

    static Stream<RefusedPickle> aDtypeThatIsNoPlainNumberIsRefused() {
        return Stream.concat(
                Stream.of("M8[ns]", "S", "V-1", "f8,", "f17", "U9999999999", "i4,f8", "(2,)f4", "<f4", "", "\n")
                        .map(code -> new RefusedPickle(
                                code, protocol(4).dtypeWithoutOrder(code).stop(), "element type '", "REDUCE")),
                Stream.of(
                        new RefusedPickle(
                                "fields",
                                dtypeState(p ->
                                        p.text("|").op(Opcode.NONE).shape(1).op(Opcode.EMPTY_DICT)),
                                "fields",
                                "BUILD"),
                        new RefusedPickle(
                                "a sub-array",
                                dtypeState(p -> p.text("|").shape(2).op(Opcode.NONE, Opcode.NONE)),
                                "fields",
                                "BUILD"),
                        new RefusedPickle(
                                "order =", protocol(4).dtype("f4", "=").stop(), "byte order '='", "BUILD"),
                        new RefusedPickle(
                                "order | of words",
                                protocol(4).dtype("f4", "|").stop(),
                                "byte order '|' of float32",
                                "BUILD"),
                        new RefusedPickle(
                                "two states",
                                protocol(4).dtype("f4", "<").dtypeState(">").stop(),
                                "has its byte order",
                                "BUILD"),
                        new RefusedPickle(
                                "a class as type",
                                protocol(4)
                                        .global("numpy", "dtype")
                                        .global("numpy", "ndarray")
                                        .op(Opcode.TUPLE1, Opcode.REDUCE)
                                        .stop(),
                                "a global is in the wrong place",
                                "REDUCE")));
    }

    private static ByteBuffer dtypeState(UnaryOperator<PickleBytes> fields) {
        PickleBytes pickle = protocol(4).dtypeWithoutOrder("f4").op(Opcode.MARK).integer(3);
        return fields.apply(pickle)
                .integer(-1)
                .integer(-1)
                .integer(0)
                .op(Opcode.TUPLE, Opcode.BUILD)
                .stop();
    }

    private static PickleBytes emptyArray(PickleBytes state) {
        return state.shape(0).dtype("f4", "<").op(Opcode.NEWFALSE).data();
    }

    private static RefusedPickle state(String name, UnaryOperator<PickleBytes> fields, String problem) {
        return new RefusedPickle(name, protocol(4).array(fields).stop(), problem, "BUILD");
    }

    private static RefusedPickle buffer(String name, UnaryOperator<PickleBytes> shapeAndOrder, String problem) {
        PickleBytes pickle = protocol(5)
                .global("numpy._core.numeric", "_frombuffer")
                .op(Opcode.MARK)
                .data(1, 2, 3, 4)
                .dtype("f4", "<");
        return new RefusedPickle(
                name,
                shapeAndOrder.apply(pickle).op(Opcode.TUPLE, Opcode.REDUCE).stop(),
                problem,
                "REDUCE");
    }
}
