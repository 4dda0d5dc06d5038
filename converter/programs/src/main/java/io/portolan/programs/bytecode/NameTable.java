package io.portolan.programs.bytecode;

import io.portolan.programs.ProgramException;
import io.portolan.programs.stablehlo.Quotation;
import java.util.ArrayList;
import java.util.List;

/**
 * The names of dialects and of operations.
 *
 * @param dialects dialects, as entries refer to them
 * @param operations operations, as code refers to them
 */
record NameTable(List<String> dialects, List<OpName> operations) {
    private static final int DIALECT_VERSION = 7;
    private static final int LONGEST_NAME = 256;

    static NameTable read(ByteCursor section, StringTable strings, int format) throws ProgramException {
        int count = section.count("dialects");
        List<String> dialects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            dialects.add(dialect(section, strings, format));
        }
        if (format >= 4) {
            section.count("names of operations");
        }
        List<OpName> operations = new ArrayList<>();
        while (!section.isAtEnd()) {
            String dialect = dialects.get(section.index(dialects.size(), "dialect"));
            int names = section.count("names of operations");
            for (int i = 0; i < names; i++) {
                String name = operation(section, strings, format);
                if (dialect.length() + name.length() > LONGEST_NAME) {
                    throw section.fault("the name of an operation has " + (dialect.length() + name.length())
                            + " letters, expected at most " + LONGEST_NAME);
                }
                operations.add(OpName.of(name.isEmpty() ? dialect : dialect + "." + name));
            }
        }
        return new NameTable(List.copyOf(dialects), List.copyOf(operations));
    }

    private static String dialect(ByteCursor section, StringTable strings, int format) throws ProgramException {
        if (format < 1) {
            return strings.read(section, "string");
        }
        long entry = section.varint();
        String name = strings.get(section.checkedIndex(entry >>> 1, strings.size(), "string"));
        if ((entry & 1) != 0 && section.section().id() != DIALECT_VERSION) {
            throw section.fault("expected the version of dialect " + Quotation.of(name));
        }
        return name;
    }

    private static String operation(ByteCursor section, StringTable strings, int format) throws ProgramException {
        long entry = section.varint();
        return strings.get(section.checkedIndex(format >= 5 ? entry >>> 1 : entry, strings.size(), "string"));
    }
}
