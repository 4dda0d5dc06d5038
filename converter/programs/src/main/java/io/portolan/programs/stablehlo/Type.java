package io.portolan.programs.stablehlo;

import java.util.List;

/** The type of a value. */
public sealed interface Type permits TensorType, Type.Token, Type.Tuple {
    /** A token, which orders side effects. */
    record Token() implements Type {
        @Override
        public String toString() {
            return "!stablehlo.token";
        }
    }

    /** Several values in one, as old programs have them. */
    record Tuple(List<Type> elements) implements Type {
        public Tuple {
            elements = List.copyOf(elements);
        }

        @Override
        public String toString() {
            return "tuple<"
                    + String.join(", ", elements.stream().map(Type::toString).toList()) + ">";
        }
    }
}
