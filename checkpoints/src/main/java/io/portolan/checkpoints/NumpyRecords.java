package io.portolan.checkpoints;

import io.portolan.checkpoints.values.InertObject;
import io.portolan.checkpoints.values.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Arrays and scalars of numpy whose elements are no numbers that this project can hold. They are records with a dtype. */
final class NumpyRecords {
    private static final String DTYPE = "numpy.dtype";
    private static final String TEXT = "numpy._core._internal._convert_to_stringdtype_kwargs";

    private NumpyRecords() {}

    /** The element type of such an array or scalar as numpy names it, such as {@code U5}; empty for any other record. */
    static Optional<String> elementType(InertObject object) {
        List<Object> state = object.state() instanceof Tuple tuple ? tuple.elements() : List.of();
        return Stream.concat(object.arguments().stream(), state.stream())
                .filter(InertObject.class::isInstance)
                .map(InertObject.class::cast)
                .flatMap(part -> name(part).stream())
                .findFirst();
    }

    private static Optional<String> name(InertObject dtype) {
        return switch (dtype.qualifiedName()) {
            case DTYPE -> dtype.arguments().stream().findFirst().map(NumpyRecords::code);
            case TEXT -> Optional.of("StringDType");
            default -> Optional.empty();
        };
    }

    private static String code(Object type) {
        return type instanceof InertObject reference ? reference.qualifiedName() : String.valueOf(type);
    }
}
