package io.portolan.programs.text;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Quotation;
import io.portolan.programs.stablehlo.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The names of values: a region sees those of the regions around it in its function, and its own end with it. */
final class ValueText {
    private static final int MOST_RESULTS = 1 << 16;

    private final TextCursor in;
    private final Map<String, List<Value>> byName = new HashMap<>();
    private final List<String> names = new ArrayList<>();

    ValueText(TextCursor in) {
        this.in = in;
    }

    /** A name that stands for so many values: {@code %a} or {@code %a:3}. */
    record Definition(String name, int count, int position) {}

    /** Opens a region; the result is for {@link #close}. */
    int open() {
        return names.size();
    }

    /** Forgets the names since a region was opened. */
    void close(int mark) {
        List<String> ended = names.subList(mark, names.size());
        ended.forEach(byName::remove);
        ended.clear();
    }

    /** Reads {@code %a:3, %b =} if a value is next. */
    List<Definition> definitions() throws ProgramException {
        List<Definition> definitions = new ArrayList<>();
        if (in.peek() == '%') {
            do {
                int from = in.position();
                String name = in.suffix("%");
                long count = in.take(":") ? in.integer() : 1;
                if (count < 1 || count > MOST_RESULTS) {
                    throw in.faultAt(from, "expected 1 to " + MOST_RESULTS + " results, got " + count);
                }
                definitions.add(new Definition(name, (int) count, from));
            } while (in.take(","));
            in.expect("=");
        }
        return definitions;
    }

    /** Names the results of an operation, if they are named. */
    void define(List<Definition> definitions, List<Value> results) throws ProgramException {
        int next = 0;
        for (Definition definition : definitions) {
            int end = next + definition.count;
            if (end > results.size()) {
                break;
            }
            define(definition.name, results.subList(next, end), definition.position);
            next = end;
        }
        if (!definitions.isEmpty() && next != results.size()) {
            throw in.faultAt(
                    definitions.get(0).position,
                    "the operation has " + results.size() + " results, other numbers of them are named");
        }
    }

    /** Names values. */
    void define(String name, List<Value> values, int position) throws ProgramException {
        if (byName.putIfAbsent(name, values) != null) {
            throw in.faultAt(position, "the value " + Quotation.of("%" + name) + " is defined twice");
        }
        names.add(name);
    }

    /** Reads the name of a value that is used: {@code %a} or {@code %a#1}. */
    Value use() throws ProgramException {
        int from = in.position();
        String name = in.suffix("%");
        long index = in.take("#") ? in.integer() : 0;
        List<Value> values = byName.get(name);
        if (values == null) {
            throw in.faultAt(from, "the value " + Quotation.of("%" + name) + " is not defined before it is used");
        }
        if (index < 0 || index >= values.size()) {
            throw in.faultAt(
                    from, Quotation.of("%" + name) + " has " + values.size() + " results, there is no number " + index);
        }
        return values.get((int) index);
    }
}
