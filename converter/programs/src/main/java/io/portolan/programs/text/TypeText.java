package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.ElementType;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.TensorType;
import io.portolan.programs.stablehlo.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads types. */
final class TypeText {
    private static final int MOST_DIMS = 64;

    private final TextCursor in;

    TypeText(TextCursor in) {
        this.in = in;
    }

    /** What an operation or a function takes and gives. */
    record Signature(List<Type> operands, List<Type> results) {}

    /** {@code (T, U) -> V} or {@code (T, U) -> (V, W)}. */
    Signature signature() throws ProgramException {
        List<Type> operands = listInBrackets();
        in.expect("->");
        return new Signature(operands, results());
    }

    /** One type, or several in brackets. */
    List<Type> results() throws ProgramException {
        return in.peek() == '(' ? listInBrackets() : List.of(type());
    }

    /** Types with commas between them. */
    List<Type> list() throws ProgramException {
        List<Type> types = new ArrayList<>();
        do {
            types.add(type());
        } while (in.take(","));
        return types;
    }

    private List<Type> listInBrackets() throws ProgramException {
        in.expect("(");
        if (in.take(")")) {
            return List.of();
        }
        List<Type> types = list();
        in.expect(")");
        return types;
    }

    /** The type of a value. */
    Type type() throws ProgramException {
        if (in.takeWord("tensor")) {
            return tensor();
        }
        if (in.takeWord("tuple")) {
            return tuple();
        }
        if (in.take("!stablehlo.token")) {
            return new Type.Token();
        }
        throw in.unexpected("a type of a tensor, a tuple or a token");
    }

    /** The name of an element type, if one is next. */
    Optional<ElementType> element() throws ProgramException {
        int from = in.position();
        if (!in.isWordNext()) {
            return Optional.empty();
        }
        String name = in.word();
        if (name.equals("complex")) {
            in.expect("<");
            name = "complex<" + in.word() + ">";
            in.expect(">");
        }
        Optional<ElementType> found = ElementType.named(name.startsWith("si") ? name.substring(1) : name);
        if (found.isEmpty()) {
            in.moveTo(from);
        }
        return found;
    }

    private TensorType tensor() throws ProgramException {
        in.expect("<");
        List<Long> dims = new ArrayList<>();
        while (true) {
            boolean isDynamic = in.take("?");
            long size = isDynamic ? TensorType.DYNAMIC : in.size();
            if (size < 0 && !isDynamic) {
                break;
            }
            if (dims.size() == MOST_DIMS) {
                throw in.fault("a tensor has more than " + MOST_DIMS + " axes");
            }
            dims.add(size);
            in.expect("x");
        }
        int from = in.position();
        Optional<ElementType> element = element();
        if (element.isEmpty()) {
            in.moveTo(from);
            throw in.unexpected("an element type");
        }
        skipEncoding();
        return new TensorType(element.get(), dims);
    }

    /** What stands after the element type says how large unknown sizes may be, which changes nothing. */
    private void skipEncoding() throws ProgramException {
        if (in.take(",")) {
            in.expect("#");
            String name = in.word();
            if (!name.equals("stablehlo.bounds")) {
                throw in.fault("a tensor has an encoding " + Quotation.of(name) + ", expected stablehlo.bounds");
            }
            in.skipBalanced();
        }
        in.expect(">");
    }

    private Type tuple() throws ProgramException {
        in.enter();
        in.expect("<");
        List<Type> elements = in.peek() == '>' ? List.of() : list();
        in.expect(">");
        in.leave();
        return new Type.Tuple(elements);
    }
}
